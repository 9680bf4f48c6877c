#include "commerce/payment/sessions.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/metadata.hpp"
#include "base/time.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::payment {

using base::Error;
using base::Json;

namespace {

const schema::Entity& entity() {
  static const schema::Entity& found = schema::get("PaymentSession");
  return found;
}
bool is(const Json& row, std::string_view column) { return row[column].truthy(); }
std::string_view provider_of(const Json& row) { return row["provider_id"].as_string(); }
bool offers(const std::vector<std::string>& providers, std::string_view provider) {
  return std::find(providers.begin(), providers.end(), provider) != providers.end();
}

} // namespace

Sessions::Sessions(base::JsonArray rows) : rows_(std::move(rows)), before_(rows_), now_(base::iso_time(base::now())) {}

const Json* Sessions::selected() const {
  for (const auto& row : rows_)
    if (is(row, "is_selected")) return &row;
  return nullptr;
}

Json* Sessions::find(std::string_view provider) {
  for (auto& row : rows_)
    if (provider_of(row) == provider) return &row;
  return nullptr;
}

void Sessions::change(Json& row, std::string_view column, Json value) {
  if (row[column] == value) return;
  row.set(column, std::move(value));
  row.set("updated_at", now_);
}

void Sessions::add(const ports::PaymentContext& context, std::string_view provider, Json data, Json selected,
                   bool initiated) {
  rows_.emplace_back(base::JsonObject{{"id", base::make_id(entity().prefix)},
                                      {"created_at", now_},
                                      {"updated_at", now_},
                                      {"cart_id", context.resource_id},
                                      {"provider_id", provider},
                                      {"is_selected", std::move(selected)},
                                      {"is_initiated", initiated},
                                      {"status", "pending"},
                                      {"data", std::move(data)},
                                      {"idempotency_key", nullptr},
                                      {"amount", context.amount},
                                      {"payment_authorized_at", nullptr}});
}

void Sessions::drop(std::string_view id) {
  const auto at = std::find_if(rows_.begin(), rows_.end(), [&](const Json& r) { return r["id"].as_string() == id; });
  dropped_.emplace_back(id);
  rows_.erase(at);
}

// PaymentProviderService.updateSession and saveSession.
void Sessions::update_at_provider(ports::Call& call, Json& row, const ports::PaymentContext& context) {
  Json data = ports::payment_provider(provider_of(row)).update_session(call, row["data"], context);
  if (!data.truthy()) return;
  change(row, "data", std::move(data));
  change(row, "amount", context.amount);
  change(row, "is_initiated", true);
}

// Medusa 1.20: CartService.setPaymentSessions
void Sessions::set_all(ports::Call& call, const ports::PaymentContext& context,
                       const std::vector<std::string>& providers) {
  const bool had_selected = selected() != nullptr;
  // 1. Nothing to pay: no session stays. 2. Nor does one of a provider that the region has lost.
  const base::JsonArray all = rows_;
  for (const auto& row : all) {
    if (context.amount > 0 && offers(providers, provider_of(row))) continue;
    if (is(row, "is_initiated")) ports::payment_provider(provider_of(row)).delete_session(call, row["data"]);
    drop(row["id"].as_string());
  }
  if (context.amount <= 0) return;
  // 3. The others follow the amount: the selected one at its provider; one that was merely started is started over.
  std::vector<std::string> started_over;
  for (auto& row : rows_) {
    if (is(row, "is_selected") && is(row, "is_initiated"))
      update_at_provider(call, row, context);
    else if (is(row, "is_initiated"))
      started_over.push_back(row["id"].as_string());
    else
      change(row, "amount", context.amount);
  }
  for (const auto& id : started_over) {
    const auto row = std::find_if(rows_.begin(), rows_.end(), [&](const Json& r) { return r["id"].as_string() == id; });
    const std::string provider(provider_of(*row));
    ports::payment_provider(provider).delete_session(call, (*row)["data"]);
    drop(id);
    add(context, provider, Json::object(), nullptr, false);
  }
  // 4. A region with a single provider needs no choice: its session is started and selected.
  if (providers.size() == 1 && !had_selected) {
    const std::string& only = providers.front();
    Json data = ports::payment_provider(only).create_session(call, context);
    if (Json* row = find(only)) {
      change(*row, "data", std::move(data));
      change(*row, "status", "pending");
      change(*row, "amount", context.amount);
      change(*row, "is_selected", true);
      change(*row, "is_initiated", true);
    } else {
      add(context, only, std::move(data), true, true);
    }
    return;
  }
  // 5. The others get sessions that are started when they are selected.
  for (const auto& provider : providers)
    if (!find(provider)) add(context, provider, Json::object(), nullptr, false);
}

// Medusa 1.20: CartService.setPaymentSession
void Sessions::select(ports::Call& call, std::string_view provider, const ports::PaymentContext& context,
                      const std::vector<std::string>& providers) {
  // 1. The region must offer the provider.
  if (provider != "system" && !offers(providers, provider))
    throw Error::not_allowed("The payment method is not available in this region");
  // 2. What another provider has begun is ended there.
  for (auto& row : rows_)
    if (is(row, "is_selected") && provider_of(row) != provider && is(row, "is_initiated"))
      ports::payment_provider(provider_of(row)).delete_session(call, row["data"]);
  Json* chosen = find(provider);
  if (!chosen) throw Error::unexpected_state("Could not find payment session");
  // 3. No session is selected or started but the chosen one, which is brought up to date or started.
  const bool initiated = is(*chosen, "is_initiated");
  for (auto& row : rows_) {
    if (&row == chosen) continue;
    change(row, "is_selected", nullptr);
    change(row, "is_initiated", false);
  }
  if (initiated) {
    update_at_provider(call, *chosen, context);
  } else {
    change(*chosen, "data", ports::payment_provider(provider).create_session(call, context));
    change(*chosen, "status", "pending");
    change(*chosen, "amount", context.amount);
  }
  change(*chosen, "is_selected", true);
  change(*chosen, "is_initiated", true);
}

void Sessions::pay_by_system(ports::Call& call, const ports::PaymentContext& context) {
  constexpr std::string_view kSystem = "system";
  if (!find(kSystem))
    add(context, kSystem, ports::payment_provider(kSystem).create_session(call, context), nullptr, true);
  select(call, kSystem, context, {});
}

// Medusa 1.20: PaymentProviderService.updateSessionData
void Sessions::update_selected(ports::Call& call, const Json& update) {
  for (auto& row : rows_) {
    if (!is(row, "is_selected")) continue;
    const auto& provider = ports::payment_provider(provider_of(row));
    const Json data = provider.update_session_data(call, row["id"].as_string(), row["data"], update);
    change(row, "data", base::spread_kept("data", row["data"], data));
    return;
  }
}

void Sessions::remove(ports::Call& call, std::string_view provider) {
  const Json* row = find(provider);
  if (!row) return;
  if (is(*row, "is_selected") || is(*row, "is_initiated"))
    ports::payment_provider(provider).delete_session(call, (*row)["data"]);
  drop(std::string((*row)["id"].as_string()));
}

// Quirk: the session that takes the place of a selected one is not selected.
void Sessions::refresh(ports::Call& call, std::string_view provider, const ports::PaymentContext& context) {
  Json* row = find(provider);
  if (!row) return;
  if (!is(*row, "is_selected")) {
    change(*row, "amount", context.amount);
    return;
  }
  const auto& at = ports::payment_provider(provider);
  at.delete_session(call, (*row)["data"]);
  drop(std::string((*row)["id"].as_string()));
  add(context, provider, at.create_session(call, context), nullptr, true);
}

std::vector<db::Command> Sessions::writes() const {
  std::vector<db::Command> writes;
  if (!dropped_.empty()) writes.push_back(query::erase_where(entity(), "id", dropped_));
  base::JsonArray added;
  // "OneSelected" is checked row by row: who loses the selection is written before who gains it.
  base::JsonArray changed, selected;
  for (const auto& row : rows_) {
    const auto old = std::find_if(before_.begin(), before_.end(), [&](const Json& b) { return b["id"] == row["id"]; });
    if (old == before_.end()) {
      added.push_back(row);
    } else if (!(*old == row)) {
      Json changes = Json::object();
      for (const char* column : {"id", "updated_at", "is_selected", "is_initiated", "status", "data", "amount"})
        changes.set(column, row[column]);
      (is(row, "is_selected") ? selected : changed).push_back(std::move(changes));
    }
  }
  if (!changed.empty()) writes.push_back(query::update_each(entity(), changed));
  if (!selected.empty()) writes.push_back(query::update_each(entity(), selected));
  if (!added.empty()) writes.push_back(query::insert(entity(), added));
  return writes;
}

} // namespace commerce::payment
