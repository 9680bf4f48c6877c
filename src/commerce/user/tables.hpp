// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct User {
  static constexpr std::string_view name = "User";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"role", enumeration, nullable},
      {"email", text},
      {"first_name", text, nullable},
      {"last_name", text, nullable},
      {"password_hash", text, nullable, never},
      {"api_token", text, nullable},
      {"metadata", json, nullable},
  };
};

struct Invite {
  static constexpr std::string_view name = "Invite";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"user_email", text},
      {"role", enumeration, nullable},
      {"accepted", boolean},
      {"token", text},
      {"expires_at", timestamp},
      {"metadata", json, nullable},
  };
};

struct AnalyticsConfig {
  static constexpr std::string_view name = "AnalyticsConfig";
  static constexpr Column columns[] = {
      {"id", text},      {"created_at", timestamp}, {"updated_at", timestamp}, {"deleted_at", timestamp, nullable},
      {"user_id", text}, {"opt_out", boolean},      {"anonymize", boolean},
  };
};

} // namespace commerce::table
