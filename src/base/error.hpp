// The one exception of this project: what ends a request or a command, in terms that a client understands.
// Thrown by any room, caught where a request or command begins (http's dispatcher, cli). Any thread.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace base {

// Medusa 1.20: MedusaError.Types. `http` maps them to statuses.
enum class ErrorType {
  invalid_data,
  invalid_argument,
  not_found,
  not_allowed,
  unauthorized,
  forbidden,
  duplicate_error,
  conflict,
  unexpected_state,
  db_error,
  payment_authorization_error,
  insufficient_inventory,
  cart_incompatible_state,
  unavailable, // ours: a peer (database, Redis) is away; 503
  unknown_error,
};

struct Error : std::runtime_error {
  ErrorType type;
  std::string code; // Medusa's `code` member; empty leaves it out
  Error(ErrorType t, const std::string& message, std::string c = {})
      : std::runtime_error(message), type(t), code(std::move(c)) {}

  static Error invalid_data(const std::string& m) { return {ErrorType::invalid_data, m}; }
  static Error not_found(const std::string& m) { return {ErrorType::not_found, m}; }
  static Error not_allowed(const std::string& m) { return {ErrorType::not_allowed, m}; }
  static Error duplicate(const std::string& m) { return {ErrorType::duplicate_error, m}; }
  static Error conflict(const std::string& m) { return {ErrorType::conflict, m}; }
  static Error unexpected_state(const std::string& m) { return {ErrorType::unexpected_state, m}; }
  // A value that no column of that kind can hold.
  static Error malformed(std::string_view field);
  static Error insufficient_inventory(const std::string& m, std::string code = "insufficient_inventory") {
    return {ErrorType::insufficient_inventory, m, std::move(code)};
  }
};

// The name that stands in JSON, for example "invalid_data".
const char* error_type_name(ErrorType type);

} // namespace base
