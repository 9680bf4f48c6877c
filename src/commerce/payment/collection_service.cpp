#include "commerce/payment/collection_service.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "commerce/payment/states.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/values.hpp"
#include "db/batch.hpp"
#include "ports/outside.hpp"
#include "ports/payment_provider.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>

namespace commerce::payment {

using base::Error;
using base::Json;
using ports::Call;
using query::RowOf;

namespace {

const schema::Entity& collection_entity() {
  static const schema::Entity& found = schema::get("PaymentCollection");
  return found;
}
const schema::Entity& session_entity() {
  static const schema::Entity& found = schema::get("PaymentSession");
  return found;
}

query::Selection with_sessions(std::vector<std::string> relations) {
  relations.emplace_back("payment_sessions");
  auto selection = query::select({}, relations);
  for (auto& child : selection.children)
    if (child.relation != "region") child.order_by = "t.created_at ASC, t.id ASC";
  return selection;
}
const query::Selection& selection_to_set() {
  static const query::Selection selection = with_sessions({"region.payment_providers"});
  return selection;
}
const query::Selection& selection_to_authorize() {
  static const query::Selection selection = with_sessions({"payments"});
  return selection;
}

// Locks the collection; throws not_found. `before` as query::read_one.
query::Tree lock(Call& call, std::string_view id, const query::Selection& selection, db::Batch before = {}) {
  auto tree = query::read_one(call.db(), call.flags,
                              {.entity = &collection_entity(), .selection = selection, .for_update = true}, id, before);
  if (!tree.first()) throw Error::not_found("Payment collection with id " + std::string(id) + " was not found");
  return tree;
}
query::Tree read_back(Call& call, std::string_view id, const query::Selection& selection,
                      std::vector<db::Command> writes) {
  return query::read_one(call.db(), call.flags, {.entity = &collection_entity(), .selection = selection}, id,
                         std::move(writes));
}

db::Command email_of_who_asks(const Call& call) {
  static const db::Statement statement("SELECT email FROM customer WHERE id = $1 AND deleted_at IS NULL");
  return {statement, db::Params::of(call.identity.customer_id)};
}

// Quirk: providers learn the email of who is logged in, and nothing else of them.
ports::PaymentContext context_of(const RowOf<table::PaymentCollection>& collection, base::Amount amount,
                                 const db::Result& email) {
  ports::PaymentContext context;
  context.resource_id = collection.str("id");
  context.amount = amount;
  context.currency_code = collection.str("currency_code");
  context.email = email.empty() ? std::string_view() : email.text(0, 0);
  context.customer = nullptr;
  context.billing_address = nullptr;
  context.context = Json::object();
  return context;
}

bool contains(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool offers(const RowOf<table::PaymentCollection>& collection, std::string_view provider_id) {
  const auto region = collection.one<table::Region>("region");
  if (!region) return false;
  const auto providers = region->many<table::PaymentProvider>("payment_providers");
  return std::any_of(providers.begin(), providers.end(), [&](const auto& row) { return row.id() == provider_id; });
}

std::optional<RowOf<table::PaymentSession>> find(const std::vector<RowOf<table::PaymentSession>>& rows,
                                                 const std::optional<std::string>& id) {
  for (const auto& row : rows)
    if (id && row.id() == *id) return row;
  return std::nullopt;
}

db::Command link(std::string_view table, std::string_view column, const RowOf<table::PaymentCollection>& collection,
                 const base::JsonArray& rows) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& row : rows) pairs.emplace_back(collection.str("id"), row["id"].as_string());
  return query::link(table, "payment_collection_id", column, pairs);
}
db::Command link_sessions(const RowOf<table::PaymentCollection>& collection, const base::JsonArray& sessions) {
  return link("payment_collection_sessions", "payment_session_id", collection, sessions);
}

Json new_session(Call& call, std::string_view provider_id, const ports::PaymentContext& context) {
  Json data = ports::payment_provider(provider_id).create_session(call, context);
  return base::JsonObject{{"id", base::make_id(session_entity().prefix)},
                          {"provider_id", std::string(provider_id)},
                          {"data", std::move(data)},
                          {"is_initiated", true},
                          {"status", "pending"},
                          {"amount", context.amount}};
}

// A session goes whatever its provider says.
void end_at_provider(Call& call, const RowOf<table::PaymentSession>& session) {
  try {
    ports::payment_provider(session.text("provider_id")).delete_session(call, session.json("data"));
  } catch (const ports::ProviderError&) {
  }
}

// Those of the wishes that count. Throws where they don't share out the collection's amount.
std::vector<SessionWish> checked(const RowOf<table::PaymentCollection>& collection,
                                 const std::vector<SessionWish>& wishes) {
  check(act::set_sessions, collection.text("status"));
  std::vector<SessionWish> counted;
  std::vector<std::string> named;
  base::Amount sum = 0;
  for (const auto& wish : wishes) {
    if (!offers(collection, wish.provider_id)) continue;
    // 1.20 takes one session for two shares.
    if (wish.session_id && contains(named, *wish.session_id))
      throw Error::invalid_data("Payment Session " + *wish.session_id + " is named more than once");
    if (wish.session_id) named.push_back(*wish.session_id);
    sum += wish.amount;
    counted.push_back(wish);
  }
  // 1.20 answers 500.
  if (sum != collection.integer("amount"))
    throw Error::invalid_data("The sum of sessions is not equal to " + std::to_string(collection.integer("amount")) +
                              " on Payment Collection");
  return counted;
}

Changed put_sessions(Call& call, const RowOf<table::PaymentCollection>& collection,
                     const std::vector<SessionWish>& wishes, const db::Result& email) {
  // 1. The wishes must share out the whole amount.
  const auto wanted = checked(collection, wishes);
  // 2. Sessions that go on are brought up to date, others are begun.
  const auto sessions = collection.many<table::PaymentSession>("payment_sessions");
  base::JsonArray changed, made;
  std::vector<std::string> ids, made_ids, gone;
  for (const auto& wish : wanted) {
    const auto context = context_of(collection, wish.amount, email);
    if (const auto session = find(sessions, wish.session_id)) {
      Json data =
          ports::payment_provider(session->text("provider_id")).update_session(call, session->json("data"), context);
      if (data.truthy())
        changed.push_back(base::JsonObject{
            {"id", session->str("id")}, {"data", std::move(data)}, {"is_initiated", true}, {"amount", wish.amount}});
      ids.push_back(session->str("id"));
    } else {
      made.push_back(new_session(call, wish.provider_id, context));
      made_ids.push_back(made.back()["id"].as_string());
      ids.push_back(made_ids.back());
    }
  }
  // 3. The rest goes.
  for (const auto& session : sessions) {
    if (contains(ids, session.id())) continue;
    end_at_provider(call, session);
    gone.push_back(session.str("id"));
  }
  std::vector<db::Command> writes;
  if (!gone.empty()) writes.push_back(query::erase_where(session_entity(), "id", gone));
  if (!changed.empty()) writes.push_back(query::update_each(session_entity(), changed));
  if (!made.empty()) {
    writes.push_back(query::insert(session_entity(), made));
    writes.push_back(link_sessions(collection, made));
  }
  return {read_back(call, collection.id(), selection_to_set(), std::move(writes)), std::move(ids), std::move(made_ids)};
}

// What providers have said of a collection's sessions.
struct Authorization {
  base::JsonArray sessions, payments;            // changes of sessions, new payments
  base::Amount amount = 0;                       // of all that is authorized
  std::optional<ports::ProviderError> failure{}; // of the provider that failed
};

Authorization ask_providers(Call& call, const RowOf<table::PaymentCollection>& collection,
                            const std::vector<std::string>& session_ids, const Json& context) {
  Authorization done;
  for (const auto& session : collection.many<table::PaymentSession>("payment_sessions")) {
    const auto amount = session.optional_integer("amount").value_or(0);
    if (!session.is_null("payment_authorized_at")) {
      done.amount += amount;
      continue;
    }
    if (done.failure || !contains(session_ids, session.id())) continue;
    try {
      const auto& provider = ports::payment_provider(session.text("provider_id"));
      auto said = provider.authorize(
          call, {.session_id = session.str("id"), .data = session.json("data"), .amount = amount, .context = context});
      const bool authorized = said.status == "authorized";
      Json payment_data = authorized ? provider.payment_data(call, said.data) : Json();
      done.sessions.push_back(
          base::JsonObject{{"id", session.str("id")},
                           {"data", std::move(said.data)},
                           {"status", said.status},
                           {"payment_authorized_at", authorized ? Json(base::iso_time(base::now())) : Json(nullptr)}});
      if (!authorized) continue;
      done.amount += amount;
      done.payments.push_back(base::JsonObject{{"id", base::make_id("pay")},
                                               {"amount", amount},
                                               {"currency_code", collection.str("currency_code")},
                                               {"amount_refunded", 0},
                                               {"provider_id", session.str("provider_id")},
                                               {"data", std::move(payment_data)}});
    } catch (const ports::ProviderError& error) {
      done.failure = error;
    }
  }
  // Where nothing has happened there is nothing to keep.
  if (done.failure && done.sessions.empty()) throw ports::ProviderError(*done.failure);
  return done;
}

std::vector<db::Command> writes_of(const RowOf<table::PaymentCollection>& collection, Authorization& done) {
  std::vector<db::Command> writes;
  if (!done.sessions.empty()) writes.push_back(query::update_each(session_entity(), done.sessions));
  if (!done.payments.empty()) {
    writes.push_back(query::insert(schema::get("Payment"), done.payments));
    writes.push_back(link("payment_collection_payments", "payment_id", collection, done.payments));
  }
  Json changes = base::JsonObject{{"authorized_amount", done.amount}};
  if (const auto status = status_after_authorization(collection.integer("amount"), done.amount))
    changes.set("status", *status);
  writes.push_back(query::update(collection_entity(), collection.id(), changes));
  return writes;
}

} // namespace

std::optional<std::string_view> status_after_authorization(base::Amount amount, base::Amount authorized) {
  if (authorized == 0) return "awaiting";
  if (authorized < amount) return "partially_authorized";
  if (authorized == amount) return "authorized";
  return std::nullopt;
}

Changed set_sessions(Call& call, std::string_view collection_id, const std::vector<SessionWish>& wishes) {
  return call.atomic([&] {
    db::Batch before;
    const auto email = before.add(email_of_who_asks(call));
    const auto tree = lock(call, collection_id, selection_to_set(), std::move(before));
    return put_sessions(call, *tree.first<table::PaymentCollection>(), wishes, *email);
  });
}

Changed set_session(Call& call, std::string_view collection_id, const std::string& provider_id) {
  return call.atomic([&] {
    db::Batch before;
    const auto email = before.add(email_of_who_asks(call));
    const auto tree = lock(call, collection_id, selection_to_set(), std::move(before));
    const auto collection = *tree.first<table::PaymentCollection>();
    if (!offers(collection, provider_id)) throw Error::invalid_data("Payment provider not found");
    SessionWish wish{.provider_id = provider_id, .amount = collection.integer("amount")};
    for (const auto& session : collection.many<table::PaymentSession>("payment_sessions"))
      if (!wish.session_id && session.text("provider_id") == provider_id) wish.session_id = session.str("id");
    return put_sessions(call, collection, {wish}, *email);
  });
}

query::Tree refresh_session(Call& call, std::string_view collection_id, std::string_view session_id) {
  return call.atomic([&] {
    // 1. The session must be one of this collection.
    static const db::Statement owner(
        "SELECT c.id FROM payment_collection_sessions s JOIN payment_collection c ON c.id = s.payment_collection_id "
        "WHERE s.payment_session_id = $1 AND c.deleted_at IS NULL LIMIT 1");
    static const query::Selection selection = with_sessions({});
    const std::string id(session_id);
    db::Batch before;
    const auto owning = before.add({owner, db::Params::of(id)});
    const auto email = before.add(email_of_who_asks(call));
    const auto tree = query::read_one(call.db(), call.flags,
                                      {.entity = &collection_entity(), .selection = selection, .for_update = true},
                                      collection_id, before);
    if (owning->empty())
      throw Error::not_found("Payment collection related to Payment Session id " + id + " was not found");
    if (owning->text(0, 0) != collection_id || !tree.first())
      throw Error::not_allowed("Payment Session " + id + " does not belong to Payment Collection " +
                               std::string(collection_id));
    const auto collection = *tree.first<table::PaymentCollection>();
    const auto session = find(collection.many<table::PaymentSession>("payment_sessions"), id);
    if (!session) throw Error::not_allowed("Session with id " + id + " was not found");
    // 1.20 begins it anew and keeps the payment that came of it, so that whoever goes on pays twice.
    check(act::refresh, session->is_null("payment_authorized_at") ? session->text("status") : "authorized", id);
    // 2. It makes room for a new one.
    const auto context = context_of(collection, session->optional_integer("amount").value_or(0), *email);
    ports::payment_provider(session->text("provider_id")).delete_session(call, session->json("data"));
    base::JsonArray made{new_session(call, session->text("provider_id"), context)};
    std::vector<db::Command> writes{query::erase_where(session_entity(), "id", {id}),
                                    query::insert(session_entity(), made), link_sessions(collection, made)};
    return query::read_one(call.db(), call.flags, {.entity = &session_entity()}, made.front()["id"].as_string(),
                           std::move(writes));
  });
}

Changed authorize_sessions(Call& call, std::string_view collection_id, const std::vector<std::string>& session_ids,
                           const Json& context) {
  std::optional<ports::ProviderError> failure;
  auto changed = call.atomic([&]() -> Changed {
    // 1. Load and lock the collection. What is authorized needs nothing more, and where nothing is to be paid there is
    //    nothing to ask.
    auto tree = lock(call, collection_id, selection_to_authorize());
    const auto collection = *tree.first<table::PaymentCollection>();
    const auto sessions = ids_of(collection.many<table::PaymentSession>("payment_sessions"));
    const auto amount = collection.integer("amount");
    if (collection.optional_integer("authorized_amount") == amount) return {std::move(tree), sessions};
    if (amount <= 0) {
      auto write = query::update(collection_entity(), collection_id,
                                 base::JsonObject{{"authorized_amount", 0}, {"status", act::mark_authorized.becomes}});
      return {read_back(call, collection_id, selection_to_authorize(), {std::move(write)}), sessions};
    }
    if (sessions.empty())
      throw Error::not_allowed("You cannot complete a Payment Collection without a payment session.");
    // 2. Ask the providers, and keep what they have said: what is authorized makes a payment.
    auto done = ask_providers(call, collection, session_ids, context);
    failure = done.failure;
    std::vector<std::string> made;
    for (const auto& payment : done.payments) made.push_back(payment["id"].as_string());
    auto after = read_back(call, collection_id, selection_to_authorize(), writes_of(collection, done));
    // 3. Tell of it. Quirk: also where nothing was authorized.
    call.emit("payment-collection.payment_authorized", base::parse_json(query::row_json(*after.first())));
    return {std::move(after), sessions, std::move(made)};
  });
  if (failure) throw ports::ProviderError(*failure);
  return changed;
}

} // namespace commerce::payment
