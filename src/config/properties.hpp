// The table of all properties: what a configuration may say, under which name, of which type, and what it means.
// Owns: the table. It feeds the parser and its error messages, `stheno config` and the documentation. Any thread.
#pragma once
#include "config/config.hpp"
#include <span>

namespace config {

enum class Kind {
  text,           // a text
  texts,          // a text or a list of texts
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
  unread,         // 1.20 never reads it
  database_type,  // "postgres"
  tls,            // true, false, or an object as Node's tls.connect takes
  pauses,         // a function from a count to milliseconds, as the evaluation of the file has sampled it
  anything,
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
};

std::span<const Property> properties();
const Property* property(std::string_view key);
// "a text", "a whole number" ...: completes "... accepts ".
std::string_view accepted(Kind kind);

// Checks a value against a kind and converts it to the form that `store` takes; undefined means "as if not given".
// nullopt: refused.
std::optional<base::Json> check(Kind kind, const base::Json& value);

// "40", "1kb", "2.5 MB" in bytes; nullopt for a text without a leading number (Medusa: the `bytes` package).
std::optional<std::int64_t> parse_bytes(std::string_view text);
// Splits a comma-separated list and recognises patterns. Throws ConfigError for a pattern that a comma has broken.
Origins parse_origins(const base::Json& value);

} // namespace config
