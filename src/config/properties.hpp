// The table of all properties: what a configuration may say, under which name, of which type, and what it means.
// Owns: the table. It feeds the parser and its error messages, `stheno config` and the documentation. Any thread.
#pragma once
#include "config/config.hpp"
#include <cstdint>
#include <span>

namespace config {

enum class Kind {
  text,           // a text
  secrets,        // a text or a list of texts; an empty one counts as not given
  truth,          // anything, by JavaScript's truthiness
  flag,           // a boolean, or the text "true"
  integer,        // a whole number, or one written as a text
  bytes,          // a number of bytes, or a text such as "1kb"
  milliseconds,   // a number, a text with one, or false
  origins,        // a comma-separated text or a list of origins
  object,         // an object; anything else is refused
  lenient_object, // an object; anything else counts as not given
  list,           // a list
  logging,        // TypeORM's logger options
  worker_mode,    // shared, worker or server
  pooler_mode,    // auto, none, session or transaction
  log_level,      // one of winston's npm levels
  port,           // a port; 1.20 also takes the path of a Unix socket
  unread,         // 1.20 never reads it
  database_type,  // "postgres"
  boolean,        // true or false, and no text that looks like one
  pem,            // a certificate or key as a text, or a list of them
  tls,            // true, false, or an object as Node's tls.connect takes
  pauses,         // a function from a count to milliseconds, as the evaluation of the file has sampled it
  cookie_name,
  anything,
};

// What happens to a value that is not accepted: 1.20 crashes, hangs or answers 500 with it, or goes on without it.
enum class Refused { ends_start, counts_as_none };

struct Bounds {
  std::int64_t least = INT64_MIN, most = INT64_MAX;
};

enum class Secrecy { open, secret };
enum class Precedence { file, environment }; // which of the two wins

struct Property {
  std::string_view key; // path in the file: "projectConfig.jwt_secret"; without a dot and "env:" a variable alone
  Kind kind;
  std::string_view fallback; // the default as JSON text; empty: none
  std::string_view example;  // as JSON text
  Secrecy secrecy;
  std::string_view environment; // the variable; empty: none
  Precedence precedence;
  std::string_view since; // the patch release of Medusa 1.20 that knows it; "stheno" for ours
  std::string_view description;
  // Stores a value that has passed check().
  void (*store)(Config&, const base::Json&);
  Bounds bounds{}; // of numbers
  Refused refused = Refused::ends_start;
};

std::span<const Property> properties();
const Property* property(std::string_view key);
// "a text", "a whole number from -1 to 9" ...: completes "... accepts ".
std::string accepted(const Property& property);
std::string_view accepted(Kind kind);

// Checks a value against a property's kind and bounds and converts it to the form that `store` takes; undefined means
// "as if not given". nullopt: refused.
std::optional<base::Json> check(const Property& property, const base::Json& value);
std::optional<base::Json> check(Kind kind, const base::Json& value); // without bounds

// A part of the file that holds properties: "projectConfig.session_options". What is no object there is refused or
// counts as none, as 1.20 has it.
struct Section {
  std::string_view key;
  Refused refused;
};
std::span<const Section> sections();

// "40", "1kb", "2.5 MB" in bytes; nullopt for a text without a leading number (Medusa: the `bytes` package).
std::optional<std::int64_t> parse_bytes(std::string_view text);

} // namespace config
