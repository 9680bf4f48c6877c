#include "base/error.hpp"

namespace base {

Error Error::malformed(std::string_view field) {
  return invalid_data("The value of " + std::string(field) + " is malformed or out of range.");
}

const char* error_type_name(ErrorType type) {
  switch (type) {
  case ErrorType::invalid_data: return "invalid_data";
  case ErrorType::invalid_argument: return "invalid_argument";
  case ErrorType::not_found: return "not_found";
  case ErrorType::not_allowed: return "not_allowed";
  case ErrorType::unauthorized: return "unauthorized";
  case ErrorType::forbidden: return "forbidden";
  case ErrorType::duplicate_error: return "duplicate_error";
  case ErrorType::conflict: return "conflict";
  case ErrorType::unexpected_state: return "unexpected_state";
  case ErrorType::db_error: return "database_error";
  case ErrorType::payment_authorization_error: return "payment_authorization_error";
  case ErrorType::insufficient_inventory: return "insufficient_inventory";
  case ErrorType::cart_incompatible_state: return "cart_incompatible_state";
  case ErrorType::unavailable: return "unavailable";
  case ErrorType::unknown_error: return "unknown_error";
  }
  return "unknown_error";
}

} // namespace base
