#include "db/db.hpp"
#include "base/strings.hpp"
#include <cctype>
#include <charconv>
#include <cstring>
#include <libpq-fe.h>
#include <mutex>

namespace db {
namespace {

const PGresult* raw(void* handle) { return static_cast<const PGresult*>(handle); }

template<class T> T parse(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// What stands behind the words that begin a write. "FOR UPDATE OF t" and "DO UPDATE SET" give names that are no tables.
std::vector<std::string> tables_written(std::string_view sql) {
  std::vector<std::string> tables;
  for (const std::string_view words : {"INSERT INTO ", "UPDATE ", "DELETE FROM ", "TRUNCATE ", "MERGE INTO "})
    for (auto at = sql.find(words); at != sql.npos; at = sql.find(words, at)) {
      at += words.size();
      std::string name;
      while (at < sql.size() && (is_name(sql[at]) || sql[at] == '"' || sql[at] == '.')) {
        if (sql[at] == '.')
          name.clear();
        else if (sql[at] != '"')
          name += sql[at];
        at++;
      }
      if (!name.empty()) tables.push_back(std::move(name));
    }
  return tables;
}

} // namespace

Statement::Statement(std::string_view sql) {
  // Statements are made at start and when a plan is first compiled, never per request; the lock costs nothing there.
  static std::mutex mutex;
  static base::StringMap<std::shared_ptr<const Text>> interned;
  std::lock_guard lock(mutex);
  auto found = interned.find(sql);
  if (found == interned.end()) {
    auto text = std::make_shared<const Text>(
        Text{std::string(sql), static_cast<std::uint32_t>(interned.size() + 1), tables_written(sql)});
    found = interned.emplace(std::string(sql), std::move(text)).first;
  }
  text_ = found->second;
}

Statement Statement::once(std::string sql) {
  Statement statement;
  auto writes = tables_written(sql);
  statement.text_ = std::make_shared<const Text>(Text{std::move(sql), 0, std::move(writes)});
  return statement;
}

std::string array_literal(const std::vector<std::string>& values) {
  std::string out = "{";
  for (const auto& value : values) {
    if (out.size() > 1) out.push_back(',');
    out.push_back('"');
    for (char c : value) {
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    out.push_back('"');
  }
  out.push_back('}');
  return out;
}

Params& Params::add(const std::vector<std::string>& v) { return push(array_literal(v)); }

Params& Params::add(const std::vector<std::int64_t>& v) {
  std::string out = "{";
  for (auto value : v) {
    if (out.size() > 1) out.push_back(',');
    out += std::to_string(value);
  }
  out.push_back('}');
  return push(std::move(out));
}

Result::~Result() {
  if (handle_) PQclear(static_cast<PGresult*>(handle_));
}

int Result::rows() const { return PQntuples(raw(handle_)); }
int Result::columns() const { return PQnfields(raw(handle_)); }

int Result::column(const char* name) const {
  // PQfnumber folds case and undoes quotes; our names are exact.
  for (int i = 0, count = columns(); i < count; ++i)
    if (std::strcmp(PQfname(raw(handle_), i), name) == 0) return i;
  return -1;
}

bool Result::is_null(int row, int column) const { return PQgetisnull(raw(handle_), row, column); }

std::string_view Result::text(int row, int column) const {
  return {PQgetvalue(raw(handle_), row, column), static_cast<std::size_t>(PQgetlength(raw(handle_), row, column))};
}

std::int64_t Result::integer(int row, int column) const { return parse<std::int64_t>(text(row, column)); }
double Result::number(int row, int column) const { return parse<double>(text(row, column)); }
bool Result::boolean(int row, int column) const { return text(row, column) == "t"; }

std::optional<std::string> Result::optional_text(int row, int column) const {
  if (is_null(row, column)) return std::nullopt;
  return std::string(text(row, column));
}

std::optional<std::int64_t> Result::optional_integer(int row, int column) const {
  if (is_null(row, column)) return std::nullopt;
  return integer(row, column);
}

std::int64_t Result::affected() const { return parse<std::int64_t>(PQcmdTuples(static_cast<PGresult*>(handle_))); }

Result Session::run(const Statement& statement, Params params) { return run(Command(statement, std::move(params))); }

Result Session::run(Command query) {
  std::vector<Command> one;
  one.push_back(std::move(query));
  return std::move(batch(std::move(one)).front());
}

} // namespace db
