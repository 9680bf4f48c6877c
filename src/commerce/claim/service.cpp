#include "commerce/claim/service.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/metadata.hpp"
#include "base/strings.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/claim/additional.hpp"
#include "commerce/claim/refund.hpp"
#include "commerce/claim/states.hpp"
#include "commerce/claim/tables.hpp"
#include "commerce/fulfillment/service.hpp"
#include "commerce/fulfillment/tables.hpp"
#include "commerce/order/below.hpp"
#include "commerce/order/locked.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/returns/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/stock/unsold.hpp"
#include "commerce/swap/tables.hpp"
#include "commerce/totals/from_rows.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <set>

namespace commerce::claim {

using base::Error;
using base::Json;
using fulfillment::Owner;
using ports::Call;
using query::RowOf;

namespace {

// --- a new claim ---------------------------------------------------------------------------------------------------

std::string_view text_of(Type type) { return type == Type::refund ? "refund" : "replace"; }

bool names_no_amount(const Wish& wish) { return wish.type == Type::refund && wish.refund_amount.is_undefined(); }

// What a claim has to know of its order, and no more: others wait for it meanwhile.
std::vector<std::string> relations_for(const Wish& wish) {
  std::vector<std::string> relations{"items", "swaps.additional_items", "claims.additional_items", "payments"};
  if (wish.type == Type::refund) relations.emplace_back("refunds");
  if (names_no_amount(wish)) {
    for (const char* name : {"discounts.rule", "region"}) relations.emplace_back(name);
    for (const std::string items : {"items", "swaps.additional_items", "claims.additional_items"})
      for (const char* part : {".tax_lines", ".adjustments"}) relations.push_back(items + part);
  }
  if (!wish.additional.empty())
    for (const char* name : {"customer", "shipping_address", "region.tax_rates"}) relations.emplace_back(name);
  return relations;
}

// What may be claimed: the line items of the order, of its swaps and of its claims. Throws where one that is wanted is canceled.
std::vector<RowOf<table::LineItem>> lines_of(const RowOf<table::Order>& order, const std::vector<WishedItem>& wished) {
  std::set<std::string_view> wanted;
  for (const auto& wish : wished) wanted.insert(wish.item_id);
  std::vector<RowOf<table::LineItem>> lines;
  const auto add = [&](const auto& owner, const std::vector<RowOf<table::LineItem>>& items) {
    for (const auto& item : items) {
      if (!owner.is_null("canceled_at") && wanted.contains(item.id()))
        throw Error::invalid_data("Cannot create a claim on a canceled item.");
      lines.push_back(item);
    }
  };
  add(order, order.many<table::LineItem>("items"));
  for (const auto& swap : order.many<table::Swap>("swaps")) add(swap, swap.many<table::LineItem>("additional_items"));
  for (const auto& claim : order.many<table::ClaimOrder>("claims"))
    add(claim, claim.many<table::LineItem>("additional_items"));
  return lines;
}

// Medusa 1.20: ClaimService.validateCreateClaimInput
void check(const Wish& wish) {
  if (wish.type == Type::replace && wish.additional.empty())
    throw Error::invalid_data("Claims with type \"replace\" must have at least one additional item.");
  if (wish.items.empty()) throw Error::invalid_data("Claims must have at least one claim item.");
  if (wish.refund_amount.truthy() && wish.type != Type::refund)
    throw Error::invalid_data("Claim has type \"" + std::string(text_of(wish.type)) +
                              "\" but must be type \"refund\" to have a refund_amount.");
}

// Where the goods go: the given address, else the order's.
Json address_id(Call& call, const RowOf<table::Order>& order, const Json& given) {
  if (!given.is_object()) return order.optional_text("shipping_address_id");
  Json address = given;
  if (address["country_code"].is_string())
    address.set("country_code", base::lower(address["country_code"].as_string()));
  address.set("id", base::make_id("addr"));
  call.write_last(query::insert(schema::get("Address"), address));
  return address["id"];
}

Json refund_of(const Call& call, const RowOf<table::Order>& order, const Wish& wish) {
  if (!names_no_amount(wish)) return wish.refund_amount.is_undefined() ? Json(nullptr) : wish.refund_amount;
  const auto inclusive = totals::inclusive(call.flags);
  std::vector<Claimed> claimed;
  for (const auto& item : wish.items) claimed.push_back({item.item_id, item.quantity});
  return refund_total(totals::order_of(order, inclusive), claimed, inclusive);
}

// Medusa 1.20: PaymentProviderService.refundPayment, its check; before anybody outside is asked.
void refuse_above_paid(const std::vector<RowOf<table::Payment>>& payments, base::Amount amount) {
  base::Amount most = 0;
  for (const auto& payment : payments)
    if (!payment.is_null("captured_at")) most += payment.integer("amount") - payment.integer("amount_refunded");
  if (amount > most) throw Error::not_allowed("Refund amount is greater that the refundable amount");
}

void send_back(Call& call, std::string_view order_id, const std::string& claim_id, const Wish& wish,
               const Json& refund_amount, const Json& no_notification) {
  returns::Wish asked{.order_id = std::string(order_id),
                      .claim_order_id = claim_id,
                      .shipping = wish.return_shipping,
                      .location_id = wish.return_location_id};
  for (const auto& item : wish.items) asked.items.push_back({item.item_id, item.quantity});
  if (refund_amount.is_number()) asked.refund_amount = refund_amount.as_int();
  if (no_notification.is_bool()) asked.no_notification = no_notification.as_bool();
  returns::fulfill(call, returns::create(call, asked).id);
}

// --- a claim that exists -------------------------------------------------------------------------------------------

// Loaded, with its order's row locked. Throws where it is not there, or another order's (1.20 looks at that only where it
// cancels).
query::Tree lock(Call& call, std::string_view order_id, std::string_view claim_id,
                 const std::vector<std::string>& relations) {
  auto tree = order::lock_below(call, order_id, "ClaimOrder", claim_id, relations);
  if (!tree.first()) throw Error::not_found("Claim with " + std::string(claim_id) + " was not found");
  if (tree.first<table::ClaimOrder>()->text("order_id") != order_id)
    throw Error::not_found("no claim was found with the id: " + std::string(claim_id) +
                           " related to order: " + std::string(order_id));
  return tree;
}

fulfillment::Subject subject_of(const RowOf<table::ClaimOrder>& claim) {
  return {.owner = Owner::claim, .id = claim.str("id"), .items = claim.many<table::LineItem>("additional_items")};
}

void refuse_strange(const RowOf<table::Fulfillment>& parcel, std::string_view claim_id) {
  if (!fulfillment::belongs_to(parcel, Owner::claim, claim_id))
    throw Error::not_found("no fulfillment was found with the id: " + parcel.str("id") +
                           " related to claim: " + std::string(claim_id));
}

Json told_of(const RowOf<table::ClaimOrder>& claim) {
  return base::JsonObject{{"id", claim.str("id")}, {"no_notification", order::notification(std::nullopt, claim)}};
}

} // namespace

void create(Call& call, std::string_view order_id, const Wish& wish) {
  call.atomic([&] {
    // 1. Load and lock the order with all that may be claimed of it.
    const auto tree = order::lock(call, order_id, relations_for(wish));
    const auto order = *tree.first<table::Order>();
    check(wish);
    const auto lines = lines_of(order, wish.items);
    const Json refund_amount = refund_of(call, order, wish);
    const bool gives_back = wish.type == Type::refund && refund_amount.truthy();
    // What was given for a claim that could not be stored then, is given.
    const std::string purpose = "claim of " + order.str("id");
    const auto given =
        gives_back ? payment::given_for(order.many<table::Refund>("refunds"), purpose) : payment::Given();
    const base::Amount due = gives_back ? refund_amount.as_int() - given.amount : 0;
    if (due > 0) refuse_above_paid(order.many<table::Payment>("payments"), due);
    // 2. The claim, and the goods that it sends.
    const std::string id = call.same_id("claim", "claim of " + order.str("id"));
    auto items = take_items(call, order, id, wish.additional);
    const Json no_notification = order::notification(wish.no_notification, order);
    Json claim = base::JsonObject{{"id", id},
                                  {"type", text_of(wish.type)},
                                  {"order_id", order_id},
                                  {"shipping_address_id", address_id(call, order, wish.shipping_address)},
                                  {"payment_status", wish.type == Type::replace ? "na" : "refunded"},
                                  {"refund_amount", refund_amount},
                                  {"no_notification", no_notification},
                                  {"metadata", wish.metadata.is_object() ? wish.metadata : Json(nullptr)},
                                  {"idempotency_key", wish.idempotency_key}};
    call.write_last(query::insert(schema::get("ClaimOrder"), claim));
    write_items(call, order, std::move(items));
    add_methods(call, id, order_id, wish.methods);
    create_items(call, id, lines, wish.items);
    const Json told = base::JsonObject{{"id", id}, {"no_notification", no_notification}};
    call.emit("claim.created", told);
    // 3. What comes back, and the money, whose provider is asked last.
    if (wish.return_shipping) send_back(call, order_id, id, wish, refund_amount, no_notification);
    payment::take_up(call, given);
    if (due > 0)
      payment::give_back(call, order_id, order.many<table::Payment>("payments"),
                         {.amount = due, .reason = "claim", .purpose = purpose});
    if (wish.type == Type::refund) call.emit("claim.refund_processed", told);
  });
}

void update(Call& call, std::string_view order_id, std::string_view claim_id, const Changes& changes) {
  call.atomic([&] {
    // 1. Load and lock the claim.
    const auto tree = lock(call, order_id, claim_id, {"shipping_methods", "claim_items.images", "claim_items.tags"});
    const auto claim = *tree.first<table::ClaimOrder>();
    check(act::update, state_of(claim));
    // 2. Its own columns.
    Json columns = Json::object(), told = told_of(claim);
    if (changes.metadata.truthy())
      columns.set("metadata", base::merge_metadata(claim.json("metadata"), changes.metadata));
    if (changes.no_notification) {
      columns.set("no_notification", *changes.no_notification);
      told.set("no_notification", *changes.no_notification);
    }
    if (columns.size()) call.write_last(query::update(schema::get("ClaimOrder"), claim_id, columns));
    // 3. How its goods go out, and what is claimed.
    if (changes.methods) {
      detach_methods(call, claim.many<table::ShippingMethod>("shipping_methods"), *changes.methods);
      add_methods(call, claim_id, order_id, *changes.methods);
    }
    update_items(call, claim.many<table::ClaimItem>("claim_items"), changes.items);
    call.emit("claim.updated", std::move(told));
  });
}

void cancel(Call& call, std::string_view order_id, std::string_view claim_id) {
  call.atomic([&] {
    // 1. Load and lock the claim with all that may speak against it.
    const auto tree = lock(call, order_id, claim_id, {"return_order", "fulfillments", "additional_items"});
    const auto claim = *tree.first<table::ClaimOrder>();
    if (state_of(claim) == act::cancel.becomes) return;
    if (claim.optional_integer("refund_amount").value_or(0) != 0)
      throw Error::not_allowed("Claim with a refund cannot be canceled");
    for (const auto& parcel : claim.many<table::Fulfillment>("fulfillments"))
      if (parcel.is_null("canceled_at"))
        throw Error::not_allowed("All fulfillments must be canceled before the claim can be canceled");
    if (const auto back = claim.one<table::Return>("return_order"); back && back->text("status") != "canceled")
      throw Error::not_allowed("Return must be canceled before the claim can be canceled");
    // 2. What was to be sent may be sold again.
    std::vector<stock::Moved> unsold;
    for (const auto& item : claim.many<table::LineItem>("additional_items"))
      if (!item.is_null("variant_id"))
        unsold.push_back({item.str("id"), item.str("variant_id"), item.str("title"), item.integer("quantity")});
    stock::undo_sale(call, unsold);
    // 3. The claim's state.
    call.write_last(query::update(
        schema::get("ClaimOrder"), claim_id,
        base::JsonObject{{"fulfillment_status", act::cancel.becomes}, {"canceled_at", base::iso_time(base::now())}}));
    call.emit("claim.canceled", told_of(claim));
  });
}

void create_fulfillment(Call& call, std::string_view order_id, std::string_view claim_id, const FulfillmentWish& wish) {
  call.atomic([&] {
    // 1. Load and lock the claim with all that its provider is told.
    const auto tree = lock(call, order_id, claim_id,
                           {"additional_items.tax_lines", "additional_items.variant.product.profiles",
                            "shipping_methods.shipping_option", "shipping_methods.tax_lines", "shipping_address",
                            "order.billing_address", "order.discounts.rule", "order.payments"});
    const auto claim = *tree.first<table::ClaimOrder>();
    check(act::fulfill, state_of(claim));
    check(act::pack, claim.text("fulfillment_status"));
    check(act::send, claim.text("type"));
    auto subject = subject_of(claim);
    subject.methods = claim.many<table::ShippingMethod>("shipping_methods");
    if (subject.methods.empty()) throw Error::not_allowed("Cannot fulfill a claim without a shipping method.");
    // 2. Pack all of it.
    subject.shown = fulfillment::order_like(claim, Owner::claim, order::notification(wish.no_notification, claim));
    const auto parcels = fulfillment::create(
        call, subject,
        {.parts = fulfillment::all_units(subject.items), .metadata = wish.metadata, .location_id = wish.location_id});
    // Quirk: the events say what the claim does, whatever was wished.
    for (const auto& id : parcels) {
      Json told = told_of(claim);
      told.set("fulfillment_id", id);
      call.emit("claim.fulfillment_created", std::move(told));
    }
  });
}

void cancel_fulfillment(Call& call, std::string_view order_id, std::string_view claim_id,
                        std::string_view fulfillment_id) {
  call.atomic([&] {
    // 1. Whose it is, in 1.20's order; then lock, and load it as it is by then.
    refuse_strange(*fulfillment::load(call, fulfillment_id).first<table::Fulfillment>(), claim_id);
    const auto tree = lock(call, order_id, claim_id, {"additional_items"});
    const auto parcel = fulfillment::load(call, fulfillment_id);
    // 2. Unpack it.
    fulfillment::cancel(call, subject_of(*tree.first<table::ClaimOrder>()), *parcel.first<table::Fulfillment>());
  });
}

void create_shipment(Call& call, std::string_view order_id, std::string_view claim_id, std::string_view fulfillment_id,
                     const std::vector<std::string>& tracking_numbers) {
  call.atomic([&] {
    // 1. Load and lock the claim; load the fulfillment, which must be the claim's (1.20 takes any).
    const auto tree = lock(call, order_id, claim_id, {"additional_items"});
    const auto claim = *tree.first<table::ClaimOrder>();
    check(act::ship, state_of(claim));
    const auto parcel = fulfillment::load(call, fulfillment_id);
    refuse_strange(*parcel.first<table::Fulfillment>(), claim_id);
    // 2. Send it.
    fulfillment::ship(call, subject_of(claim), *parcel.first<table::Fulfillment>(), tracking_numbers,
                      order::notification(std::nullopt, claim));
    Json told = told_of(claim);
    told.set("fulfillment_id", fulfillment_id);
    call.emit("claim.shipment_created", std::move(told));
  });
}

} // namespace commerce::claim
