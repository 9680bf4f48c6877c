#include "commerce/payment/payments.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "commerce/payment/states.hpp"
#include "commerce/payment/tables.hpp"
#include "ports/outside.hpp"
#include "ports/payment_provider.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <exception>

namespace commerce::payment {

using base::Error;
using base::Json;
using ports::Call;
using query::RowOf;

namespace {

const schema::Entity& entity() {
  static const schema::Entity& found = schema::get("Payment");
  return found;
}

// The payment, locked behind the order that it pays for.
query::Tree lock(Call& call, std::string_view payment_id) {
  static const db::Statement order(
      "SELECT 1 FROM \"order\" WHERE id = (SELECT order_id FROM payment WHERE id = $1) FOR UPDATE");
  auto tree = query::read_one(call.db(), call.flags, {.entity = &entity(), .for_update = true}, payment_id,
                              {{order, db::Params::of(payment_id)}});
  if (!tree.first()) throw Error::not_found("Payment with id " + std::string(payment_id) + " was not found");
  return tree;
}

// What payments have given back: objects {id, data, amount}. Added to what the rows hold, as it may be written after
// somebody else's refund.
db::Command given_back(const base::JsonArray& parts) {
  static const db::Statement statement(
      "UPDATE payment p SET data = g.data, amount_refunded = p.amount_refunded + g.amount, updated_at = now() "
      "FROM jsonb_to_recordset($1::jsonb) AS g(id text, data jsonb, amount int) WHERE p.id = g.id");
  return {statement, db::Params::of(Json(parts))};
}

db::Command insert_refund(Json& refund, const RefundWish& wish) {
  refund.set("id", base::make_id("ref"));
  refund.set("reason", wish.reason);
  refund.set("note", Json(wish.note));
  return query::insert(schema::get("Refund"), refund);
}

ports::Refund refund_of(const RefundWish& wish, base::Amount amount, const std::optional<std::string>& order_id) {
  return {.amount = amount,
          .reason = wish.reason,
          .note = Json(wish.note),
          .order_id = Json(order_id),
          .purpose = Json(wish.purpose),
          .told =
              wish.told ? Json(base::JsonObject{{"name", wish.told->name}, {"data", wish.told->data}}) : Json(nullptr)};
}

// 1.20 takes money by a refund below zero.
void refuse_nothing(const RefundWish& wish) {
  if (wish.amount <= 0) throw Error::invalid_data("The amount of a refund must be above 0");
}

base::Amount refundable(const RowOf<table::Payment>& payment) {
  return payment.integer("amount") - payment.integer("amount_refunded");
}

// The event that tells of a provider's refusal, and the error that ends the request. 1.20 records the event too, but loses
// it with the transaction.
[[noreturn]] void fail(Aftermath& aftermath, const RowOf<table::Payment>& payment, std::string_view event,
                       const std::string& sentence, const ports::ProviderError& error) {
  Json told = query::row_value(payment);
  told.set("error", base::JsonObject{{"type", base::error_type_name(error.type)}, {"message", error.what()}});
  aftermath.events.push_back({std::string(event), std::move(told)});
  throw Error::unexpected_state(sentence);
}

} // namespace

void with_aftermath(Call& call, const std::function<void(Aftermath&)>& work) {
  Aftermath aftermath;
  std::exception_ptr failure;
  try {
    work(aftermath);
    return;
  } catch (...) {
    failure = std::current_exception();
  }
  try {
    if (!aftermath.events.empty())
      call.atomic([&] {
        for (const auto& event : aftermath.events) call.emit(event.name, event.data);
      });
  } catch (const std::exception& error) {
    base::log_error("The failure of a payment provider could not be told of", {{"error", error.what()}});
  }
  std::rethrow_exception(failure);
}

std::string note_of_left(std::string_view purpose) {
  return "Given back for the " + std::string(purpose) + ", which could not be stored then";
}

Given given_for(const std::vector<RowOf<table::Refund>>& refunds, std::string_view purpose) {
  const std::string note = note_of_left(purpose);
  Given given;
  for (const auto& refund : refunds)
    if (refund.text("note") == note) {
      given.refunds.push_back(base::JsonObject{{"id", refund.str("id")}, {"note", nullptr}});
      given.amount += refund.integer("amount");
    }
  return given;
}

void take_up(Call& call, const Given& given) {
  if (!given.refunds.empty()) call.write_last(query::update_each(schema::get("Refund"), given.refunds));
}

ports::Payment at_provider(const RowOf<table::Payment>& payment) {
  return {.id = payment.str("id"),
          .data = payment.json("data"),
          .amount = payment.integer("amount"),
          .amount_refunded = payment.integer("amount_refunded"),
          .currency_code = payment.str("currency_code")};
}

query::Tree capture(Call& call, Aftermath& aftermath, std::string_view payment_id) {
  return call.atomic([&] {
    // 1. Load and lock the payment; what has been captured needs nothing more.
    auto tree = lock(call, payment_id);
    const auto payment = *tree.first<table::Payment>();
    if (state_of(payment) == act::capture.becomes) return tree;
    // 1.20 captures what has been canceled.
    check(act::capture, state_of(payment), payment_id);
    // 2. The provider takes the money.
    const auto& provider = ports::payment_provider(payment.text("provider_id"));
    auto asked = at_provider(payment);
    asked.told = "payment.payment_captured";
    Json data;
    try {
      data = provider.capture(call, asked);
    } catch (const ports::ProviderError& error) {
      fail(aftermath, payment, "payment.payment_capture_failed", "Failed to capture Payment " + std::string(payment_id),
           error);
    }
    call.write_last(
        query::update(entity(), payment_id,
                      base::JsonObject{{"data", std::move(data)}, {"captured_at", base::iso_time(base::now())}}));
    // 3. Tell of it.
    auto captured = query::read_one(call.db(), call.flags, {.entity = &entity()}, payment_id);
    call.emit("payment.payment_captured", query::row_value(*captured.first()));
    return captured;
  });
}

query::Tree refund(Call& call, Aftermath& aftermath, std::string_view payment_id, const RefundWish& wish) {
  return call.atomic([&] {
    const std::string id(payment_id);
    refuse_nothing(wish);
    // 1. Load and lock the payment; only what was captured and not given back yet can be.
    const auto tree = lock(call, payment_id);
    const auto payment = *tree.first<table::Payment>();
    check(act::refund, state_of(payment), id);
    if (wish.amount > refundable(payment))
      throw Error::not_allowed("Only " + std::to_string(refundable(payment)) + " can be refunded from Payment " + id);
    // 2. The provider gives it back.
    const auto& provider = ports::payment_provider(payment.text("provider_id"));
    Json data;
    auto wished = wish;
    wished.told = {"payment.payment_refund_created", Json::object()};
    try {
      data = provider.refund(call, at_provider(payment),
                             refund_of(wished, wish.amount, payment.optional_text("order_id")));
    } catch (const ports::ProviderError& error) {
      fail(aftermath, payment, "payment.payment_refund_failed", "Failed to refund Payment " + id, error);
    }
    call.write_last(given_back({base::JsonObject{{"id", id}, {"data", std::move(data)}, {"amount", wish.amount}}}));
    // 3. The refund's row.
    Json row =
        base::JsonObject{{"payment_id", id}, {"order_id", payment.optional_text("order_id")}, {"amount", wish.amount}};
    call.write_last(insert_refund(row, wish));
    auto refund = query::read_one(call.db(), call.flags, {.entity = &schema::get("Refund")}, row["id"].as_string());
    call.emit("payment.payment_refund_created", query::row_value(*refund.first()));
    return refund;
  });
}

std::string give_back(Call& call, std::string_view order_id, const std::vector<RowOf<table::Payment>>& payments,
                      const RefundWish& wish) {
  refuse_nothing(wish);
  // 1. What can be given back at all.
  std::vector<RowOf<table::Payment>> captured;
  base::Amount most = 0;
  for (const auto& payment : payments)
    if (!payment.is_null("captured_at") && refundable(payment) > 0) {
      captured.push_back(payment);
      most += refundable(payment);
    }
  if (most < wish.amount) throw Error::not_allowed("Refund amount is greater that the refundable amount");
  std::sort(captured.begin(), captured.end(), [](const auto& a, const auto& b) {
    return std::pair(a.text("created_at"), a.id()) > std::pair(b.text("created_at"), b.id());
  });
  // 2. Each provider gives back what its payment holds, until all is given. Where one refuses after another has given, the
  // money that is back is kept as a refund of its own (see settlements).
  base::Amount given = 0;
  base::JsonArray parts;
  Json refund = base::JsonObject{{"order_id", std::string(order_id)}};
  for (const auto& payment : captured) {
    if (given == wish.amount) break;
    const auto part = std::min(refundable(payment), wish.amount - given);
    Json data = ports::payment_provider(payment.text("provider_id"))
                    .refund(call, at_provider(payment), refund_of(wish, part, std::string(order_id)));
    parts.push_back(base::JsonObject{{"id", payment.str("id")}, {"data", std::move(data)}, {"amount", part}});
    given += part;
  }
  // 3. The refund's row.
  refund.set("amount", given);
  call.write_last(given_back(parts));
  call.write_last(insert_refund(refund, wish));
  return refund["id"].as_string();
}

void cancel(Call& call, const std::vector<RowOf<table::Payment>>& payments) {
  base::JsonArray canceled;
  for (const auto& payment : payments) {
    if (!payment.is_null("canceled_at")) continue;
    Json data = ports::payment_provider(payment.text("provider_id")).cancel(call, at_provider(payment));
    canceled.push_back(base::JsonObject{
        {"id", payment.str("id")}, {"data", std::move(data)}, {"canceled_at", base::iso_time(base::now())}});
  }
  if (!canceled.empty()) call.write_last(query::update_each(entity(), canceled));
}

} // namespace commerce::payment
