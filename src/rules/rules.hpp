// What a body or a query may hold, as tables; checked with class-validator's semantics and sentences
// (Medusa 1.20: utils/validator.ts; whitelist, forbidNonWhitelisted). Called by the dispatcher; any thread.
#pragma once
#include "base/json.hpp"
#include "schema/flags.hpp"
#include "schema/schema.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rules {

enum class Is {
  string,
  filled_string,  // IsString + IsNotEmpty
  string_or_none, // IsString of a column whose values differ from each other: an empty text is none, and becomes null
  email,
  number,               // IsNumber
  integer,              // IsInt
  positive,             // IsInt + IsPositive
  positive_number,      // IsNumber + IsPositive
  not_negative,         // IsNumber + Min(0)
  not_negative_integer, // IsInt + Min(0)
  boolean,              // IsBoolean
  boolean_string,       // IsBooleanString: "true", "false", "1" or "0", which stays a text
  boolean_text,         // a query's "true"/"false", turned into a boolean
  object,               // IsObject
  array,                // IsArray; `nested` checks each element when given
  nested,               // ValidateNested object
  date,                 // a date, parsed
  duration,             // IsISO8601Duration
  string_array,         // IsArray + IsString({each: true})
  each_string,          // IsString({each: true}): a list of texts, or one text
  filled_string_array,  // ArrayNotEmpty + IsString({each: true})
  jwt,                  // IsJWT
  enumeration,          // IsEnum
  each_enumeration,     // IsEnum({each: true}): a list of such values, or one
  number_text,          // a query's number: @Type(() => Number) IsNumber
  integer_text,         // the same with IsInt
  text_or_list,         // IsType([String, [String]])
  nested_or_text,       // IsType([a class, String]); `message` is the name of the class
  text_list_or_nested,  // IsType([String, [String], a class]); likewise
  nested_type,          // IsType([a class]); likewise
  any,
};
// not_empty: IsNotEmpty above the other decorators, so that "should not be empty" is said last; not_empty_first: below.
// defaulted: may be left out, but null is checked like any value; not_null: likewise, with NotEquals(null).
enum class Presence { required, optional, not_empty, not_empty_first, defaulted, not_null };

struct Rules;
struct Rule {
  std::string_view name;
  Is is = Is::any;
  Presence presence = Presence::required;
  const Rules* nested = nullptr;
  std::vector<std::string_view> values{}; // of an enumeration
  // Replaces the sentence(s) that the rule would say, where 1.20's differs.
  std::string_view message{};
  // IsGreaterThan: a date that must come after the one of that member, where it is given.
  std::string_view after{};
  // ExactlyOne: members that must not be given besides this one.
  std::vector<std::string_view> instead_of{};
  // FeatureFlagDecorators: while that flag is off the member is refused. Such rows stand last, as 1.20 says them last.
  schema::Flag flag = schema::Flag::none;
  // XorConstraint: of this member and that one exactly one is given; not looked at where the member `unless` is.
  std::string_view either{}, unless{};
};
// Whether a body without that member is good.
inline bool may_be_left_out(const Rule& rule) {
  return rule.presence == Presence::optional || rule.presence == Presence::defaulted ||
         rule.presence == Presence::not_null || !rule.either.empty();
}
// Members that no rule names: refused with "property x should not exist", or let through.
enum class Unknown { refused, allowed };
struct Rules {
  std::vector<Rule> rows;
  // Further checks on the whole, after the rows: appends its sentences to `problems`.
  void (*extra)(const base::Json& value, std::vector<std::string>& problems) = nullptr;
  Unknown unknown = Unknown::refused;
  // The entity that a body becomes rows of: a number goes to its column of that name, and must be one that it holds.
  std::string_view of{};
};
// What a number of these rules may be; nothing where it goes to no column.
std::optional<schema::Column::Range> range_of(const Rules& rules, const Rule& rule);

// Checks and converts (`value` is changed where a rule converts: numbers and booleans of a query, dates). Returns
// the sentences, empty when all is well; the dispatcher joins them with ", " into one invalid_data error.
std::vector<std::string> check(const Rules& rules, base::Json& value, const schema::Flags& flags = {});

} // namespace rules
