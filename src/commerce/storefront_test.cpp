#include "base/error.hpp"
#include "commerce/entities.hpp"
#include "commerce/storefront.hpp"
#include <doctest/doctest.h>
#include <set>
#include <string>

using namespace commerce;

namespace {

// What belongs to one buyer, and who works for the shop.
const std::set<std::string_view> kOfPeople{"Cart",
                                           "Order",
                                           "Customer",
                                           "Address",
                                           "LineItem",
                                           "Payment",
                                           "PaymentSession",
                                           "PaymentCollection",
                                           "Refund",
                                           "Swap",
                                           "ClaimOrder",
                                           "ClaimItem",
                                           "Return",
                                           "ReturnItem",
                                           "Fulfillment",
                                           "DraftOrder",
                                           "FulfillmentItem",
                                           "OrderEdit",
                                           "OrderItemChange",
                                           "ShippingMethod",
                                           "GiftCard",
                                           "TrackingLink",
                                           "ClaimImage",
                                           "GiftCardTransaction",
                                           "LineItemTaxLine",
                                           "User",
                                           "Notification",
                                           "ReservationItem",
                                           "LineItemAdjustment",
                                           "ShippingMethodTaxLine",
                                           "Invite",
                                           "BatchJob",
                                           "AnalyticsConfig",
                                           "CustomShippingOption"};

std::string refusal_of(std::string_view entity, const std::vector<std::string>& relations, Whose whose) {
  auto selection = query::select({}, relations);
  try {
    show_only_public(schema::get(entity), selection, whose);
  } catch (const base::Error& refusal) {
    return refusal.what();
  }
  return "";
}

} // namespace

TEST_CASE("storefront: no relation leads from what many share to what is somebody's") {
  add_entities();
  for (const auto* entity : schema::all())
    for (const auto& relation : entity->relations) {
      if (kOfPeople.contains(entity->name) || !kOfPeople.contains(relation.target)) continue;
      CAPTURE(entity->name);
      CAPTURE(relation.name);
      CHECK(leads_away(*entity, relation, Whose::the_callers));
    }
  for (const auto& relation : schema::get("Customer").relations)
    CHECK(leads_away(schema::get("Customer"), relation, Whose::somebodys));
}

TEST_CASE("storefront: what leads away is refused by its name") {
  add_entities();
  CHECK(refusal_of("Cart", {"items.variant.product.collection", "customer"}, Whose::somebodys) == "");
  CHECK(refusal_of("Cart", {"customer.orders", "region", "customer.groups"}, Whose::somebodys) ==
        "Requested fields [customer.orders, customer.groups] are not valid");
  CHECK(refusal_of("Cart", {"customer.orders", "customer.groups"}, Whose::the_callers) == "");
  CHECK(refusal_of("Cart", {"customer.groups.customers"}, Whose::the_callers) ==
        "Requested fields [customer.groups.customers] are not valid");
  CHECK(refusal_of("OrderEdit", {"items.order.gift_cards.order"}, Whose::somebodys) ==
        "Requested fields [items.order.gift_cards.order] are not valid");
}

TEST_CASE("storefront: a customer further away tells what a cart or order would") {
  add_entities();
  auto selection = query::select({}, {"order.customer", "items.order.customer"});
  selection.child("items")->selection.child("order")->selection.child("customer")->selection.fields = {"phone"};
  show_only_public(schema::get("OrderEdit"), selection);
  const auto fields_of = [](const query::Selection::Child* order) {
    return query::Selection(order->selection).child("customer")->selection.fields;
  };
  CHECK(fields_of(selection.child("order")) ==
        std::vector<std::string>{"id", "created_at", "updated_at", "deleted_at", "email", "has_account"});
  CHECK(fields_of(selection.child("items")->selection.child("order")) == std::vector<std::string>{"id"});
}

TEST_CASE("storefront: of what many rows share only the public ones count") {
  add_entities();
  auto selection = query::select({}, {"items.variant.product.categories", "items.variant.product.collection.products",
                                      "region.tax_rates.shipping_options"});
  show_only_public(schema::get("Cart"), selection);
  auto* product = selection.child("items")->selection.child("variant")->selection.child("product");
  CHECK(product->where.empty()); // what is in a cart is shown whatever has become of it
  CHECK(product->selection.child("categories")->where == kPublicCategory);
  CHECK(product->selection.child("collection")->selection.child("products")->where == "t.status = 'published'");
  auto* rates = selection.child("region")->selection.child("tax_rates");
  CHECK(rates->selection.child("shipping_options")->where == "NOT t.admin_only");
}
