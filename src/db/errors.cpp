#include "db/errors.hpp"
#include "base/strings.hpp"

namespace db {
namespace {

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = base::upper(text.substr(0, 1))[0];
  return text;
}

// "Key (email)=(a@b.c) already exists." -> "email a@b.c already exists."
std::string key_phrase(const std::string& detail) {
  std::string out;
  for (char c : detail.size() > 4 ? detail.substr(4) : std::string()) {
    if (c == '=')
      out.push_back(' ');
    else if (c != '(' && c != ')')
      out.push_back(c);
  }
  return out;
}

// The characters of 1.20's pattern for a column and its value.
bool key_characters(std::string_view text) {
  if (text.empty()) return false;
  for (char c : text)
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-'))
      return false;
  return true;
}

// "Key (region_id)=(reg_x) is not present in table "region"." -> "Region with region_id reg_x does not exist."
// Quirk: every other foreign key failure (a row still referenced, a composite key) reads "null".
std::string missing_row_phrase(std::string_view detail) {
  auto between = [&detail](std::string_view before, std::string_view after) -> std::string_view {
    auto start = detail.find(before);
    if (start == std::string_view::npos) return {};
    start += before.size();
    auto end = detail.find(after, start);
    if (end == std::string_view::npos) return {};
    auto found = detail.substr(start, end - start);
    detail.remove_prefix(end);
    return found;
  };
  auto column = between("Key (", ")=(");
  auto value = between(")=(", ") is not present in table \"");
  auto table = between("table \"", "\"");
  if (!key_characters(column) || !key_characters(value) || !key_characters(table)) return "null";
  std::string out = capitalised(std::string(table));
  out.append(" with ").append(column).append(" ").append(value).append(" does not exist.");
  return out;
}

bool in_class(const Failure& failure, std::string_view prefix) { return failure.sqlstate.starts_with(prefix); }

constexpr const char* kUnknown = "An unknown error occurred.";

} // namespace

bool DatabaseError::retryable() const {
  const auto& state = failure.sqlstate;
  return state == "40001" || state == "40P01" || lost_names();
}

bool DatabaseError::lost_names() const {
  const auto& state = failure.sqlstate;
  return state == "26000" || state == "42P05" || (state == "0A000" && code == "stale_plan");
}

std::string field_of(std::string_view sql, std::size_t parameter) {
  const std::string mark = "$" + std::to_string(parameter);
  constexpr std::string_view digits = "0123456789",
                             letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
  auto at = sql.find(mark);
  while (at != std::string_view::npos && at + mark.size() < sql.size() &&
         digits.find(sql[at + mark.size()]) != std::string_view::npos)
    at = sql.find(mark, at + 1);
  if (at == std::string_view::npos) return {};
  // Backwards over operators and functions to the word that is compared or limited.
  bool compared = false;
  for (std::string_view before = sql.substr(0, at);;) {
    const auto last = before.find_last_not_of(" =<>~!()\"");
    if (last == std::string_view::npos || letters.find(before[last]) == std::string_view::npos) return {};
    compared = compared || before.find_first_of("=<>~", last) != std::string_view::npos;
    const auto first = before.find_last_not_of(letters, last) + 1;
    const std::string word = base::lower(before.substr(first, last + 1 - first));
    if (compared || word == "limit" || word == "offset") return word;
    compared = word == "like" || word == "ilike";
    if (!compared && word != "any" && word != "all" && word != "lower" && word != "upper") return {};
    before = before.substr(0, first);
  }
}

DatabaseError error_from(Failure f) {
  using base::ErrorType;
  const std::string& state = f.sqlstate;
  const auto error = [&](ErrorType type, const std::string& text, std::string code = "") {
    return DatabaseError(type, text, std::move(code), std::move(f));
  };
  if (state == "23505")
    return error(ErrorType::duplicate_error, capitalised(f.table) + " with " + key_phrase(f.detail));
  if (state == "23503") return error(ErrorType::not_found, missing_row_phrase(f.detail));
  if (state == "23502")
    return error(ErrorType::invalid_data,
                 "Can't insert null value in field " + f.column + " on insert in table " + f.table);
  if (state == "40001" || state == "40P01" || state == "26000" || state == "42P05")
    return error(ErrorType::conflict, "The request conflicted with another request.");
  if (state == "0A000" && f.message.find("cached plan") != std::string::npos)
    return error(ErrorType::conflict, "The request conflicted with a change of the schema.", "stale_plan");
  // 53: a full disk, no memory, no connection. 58: the system's own errors, a file that can't be read among them.
  if (in_class(f, "08") || in_class(f, "57P") || in_class(f, "53") || in_class(f, "58"))
    return error(ErrorType::unavailable, "The database is not available.");
  // 1.20 answers with 500 where a value is malformed, breaks a CHECK, or is too long for an index; nobody can depend on
  // that.
  if (in_class(f, "22") || state == "23514") {
    const std::string& field = !f.field.empty() ? f.field : !f.column.empty() ? f.column : f.table;
    return error(ErrorType::invalid_data,
                 field.empty() ? "A value is malformed or out of range." : base::Error::malformed(field).what());
  }
  if (state == "54000") return error(ErrorType::invalid_data, "A value is too long.");
  return error(ErrorType::unknown_error, kUnknown, "unknown_error");
}

std::string explanation(const std::exception& failure) {
  const std::string text = failure.what();
  const auto* database = dynamic_cast<const DatabaseError*>(&failure);
  if (!database || database->failure.message.empty() || text.find(database->failure.message) != std::string::npos)
    return text;
  if (database->type == base::ErrorType::unknown_error) return "PostgreSQL says: " + database->failure.message;
  return text + " (" + database->failure.message + ")";
}

DatabaseError unavailable(std::string_view reason) {
  Failure failure;
  failure.sqlstate = "08006";
  failure.message = reason;
  return error_from(std::move(failure));
}

} // namespace db
