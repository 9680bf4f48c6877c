#include "commerce/idempotency/idempotency.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"
#include "db/batch.hpp"

namespace commerce::idempotency {
namespace {

// Medusa 1.20: cleanResponseData. Rows that 1.20 wrote hold the answer before this last step.
void omit_raw_totals(base::Json& value) {
  if (value.is_array())
    for (auto& element : value.as_array()) omit_raw_totals(element);
  if (!value.is_object()) return;
  value.erase("raw_discount_total");
  for (auto& member : value.as_object()) omit_raw_totals(member.value);
}

using base::Error;

void refuse_other_than_keys(std::string_view header) {
  if (!header.empty() && !acceptable_key(header))
    throw Error::invalid_data("Idempotency-Key must be a text of 16 to 255 characters");
}

Key fresh_key() { return {.name = base::uuid()}; }

Key find_or_insert(ports::Call& call, const Asked& asked) {
  static const db::Statement insert(
      "INSERT INTO idempotency_key (id, idempotency_key, request_method, request_params, request_path) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (idempotency_key) DO NOTHING");
  static const db::Statement select(
      "SELECT recovery_point, response_code, response_body, request_method, request_path, request_params->>'body' "
      "FROM idempotency_key WHERE idempotency_key = $1 FOR UPDATE");
  const std::string path = path_in_router(asked.path);
  base::Json params = asked.params;
  // What was sent with it. 1.20 keeps nothing of that.
  params.set("body", asked.body);

  db::Batch batch;
  batch.add({insert, db::Params::of(base::make_id("ikey"), asked.key, asked.method, params, path)});
  const auto found = batch.add({select, db::Params::of(asked.key)});
  batch.run(call.db());
  const auto& row = *found;
  if (row.empty()) return fresh_key(); // another request's rollback took it away in between
  // 1.20 would answer with the other request's reply, which helps nobody.
  if (row.text(0, 3) != asked.method || !base::equal_ignoring_case(row.text(0, 4), path) ||
      (!row.is_null(0, 5) && row.text(0, 5) != asked.body))
    throw Error(base::ErrorType::conflict, "The Idempotency-Key has been used for another request",
                "idempotency_key_reused");

  Key key{.name = std::string(asked.key), .stored = true, .recovery_point = std::string(row.text(0, 0))};
  if (key.recovery_point == "finished") {
    base::Json body = row.is_null(0, 2) ? base::Json() : base::parse_json(row.text(0, 2));
    omit_raw_totals(body);
    key.reply = Reply{static_cast<int>(row.integer(0, 1)), body.dump()};
  }
  return key;
}

} // namespace

bool acceptable_key(std::string_view value) {
  return value.size() >= 16 && value.size() <= 255 && base::valid_utf8(value);
}

std::string path_in_router(std::string_view path) {
  std::size_t at = 0;
  for (int segment = 0; segment < 2 && at != std::string_view::npos; segment++) at = path.find('/', at + 1);
  if (at == std::string_view::npos) return "/";
  return std::string(path.substr(at));
}

Key claim(ports::Call& call, const Asked& asked) {
  refuse_other_than_keys(asked.key);
  return asked.key.empty() ? fresh_key() : find_or_insert(call, asked);
}

void advance(ports::Call& call, const Key& key, std::string_view recovery_point) {
  static const db::Statement update("UPDATE idempotency_key SET recovery_point = $2 WHERE idempotency_key = $1");
  if (key.stored) call.write_last({update, db::Params::of(key.name, recovery_point)});
}

void finish(ports::Call& call, const Key& key, const Reply& reply) {
  static const db::Statement update(
      "UPDATE idempotency_key SET recovery_point = 'finished', response_code = $2, response_body = $3 "
      "WHERE idempotency_key = $1");
  if (key.stored) call.write_last({update, db::Params::of(key.name, reply.status, reply.body)});
}

} // namespace commerce::idempotency
