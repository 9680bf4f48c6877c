#include "events/event.hpp"
#include "base/ids.hpp"
#include <algorithm>

namespace events {
namespace {

// Medusa 1.20: the Events member of each service, of the inventory and of the stock location module. Sorted.
constexpr std::string_view kNames[] = {
    "batch.canceled",
    "batch.completed",
    "batch.confirmed",
    "batch.created",
    "batch.failed",
    "batch.pre_processed",
    "batch.processing",
    "batch.updated",
    "cart.created",
    "cart.customer_updated",
    "cart.updated",
    "claim.canceled",
    "claim.created",
    "claim.fulfillment_created",
    "claim.refund_processed",
    "claim.shipment_created",
    "claim.updated",
    "claim_item.canceled",
    "claim_item.created",
    "claim_item.updated",
    "currency.updated",
    "customer.created",
    "customer.password_reset",
    "customer.updated",
    "discount.created",
    "draft_order.created",
    "draft_order.updated",
    "gift_card.created",
    "inventory-item.created",
    "inventory-item.deleted",
    "inventory-item.restored",
    "inventory-item.updated",
    "inventory-level.created",
    "inventory-level.deleted",
    "inventory-level.restored",
    "inventory-level.updated",
    "invite.created",
    "note.created",
    "note.deleted",
    "note.updated",
    "oauth.token_generated",
    "oauth.token_refreshed",
    "order-edit-item-change.CREATED",
    "order-edit-item-change.DELETED",
    "order-edit.canceled",
    "order-edit.confirmed",
    "order-edit.created",
    "order-edit.declined",
    "order-edit.requested",
    "order-edit.updated",
    "order-update-token.created",
    "order.canceled",
    "order.completed",
    "order.fulfillment_canceled",
    "order.fulfillment_created",
    "order.gift_card_created",
    "order.items_returned",
    "order.payment_capture_failed",
    "order.payment_captured",
    "order.placed",
    "order.refund_created",
    "order.refund_failed",
    "order.return_action_required",
    "order.return_requested",
    "order.shipment_created",
    "order.swap_created",
    "order.updated",
    "payment-collection.created",
    "payment-collection.deleted",
    "payment-collection.payment_authorized",
    "payment-collection.updated",
    "payment.created",
    "payment.payment_capture_failed",
    "payment.payment_captured",
    "payment.payment_refund_created",
    "payment.payment_refund_failed",
    "payment.updated",
    "product-category.created",
    "product-category.deleted",
    "product-category.updated",
    "product-collection.created",
    "product-collection.deleted",
    "product-collection.products_added",
    "product-collection.products_removed",
    "product-collection.updated",
    "product-variant.created",
    "product-variant.deleted",
    "product-variant.updated",
    "product.created",
    "product.deleted",
    "product.updated",
    "publishable_api_key.created",
    "publishable_api_key.revoked",
    "region.created",
    "region.deleted",
    "region.updated",
    "reservation-item.created",
    "reservation-item.deleted",
    "reservation-item.updated",
    "reservation-items.bulk-created",
    "sales_channel.created",
    "sales_channel.deleted",
    "sales_channel.updated",
    "stock-location.created",
    "stock-location.deleted",
    "stock-location.updated",
    "swap.created",
    "swap.fulfillment_created",
    "swap.payment_capture_failed",
    "swap.payment_captured",
    "swap.payment_completed",
    "swap.process_refund_failed",
    "swap.received",
    "swap.refund_processed",
    "swap.shipment_created",
    "user.created",
    "user.deleted",
    "user.password_reset",
    "user.updated",
};

} // namespace

db::Command stage(const std::vector<Event>& events) {
  static const db::Statement insert("INSERT INTO staged_job (id, event_name, data, options) "
                                    "SELECT id, event_name, data, options FROM jsonb_to_recordset($1::jsonb) "
                                    "AS staged(id varchar, event_name varchar, data jsonb, options jsonb)");
  std::string rows;
  base::JsonWriter writer(rows);
  writer.open_array();
  for (const auto& event : events) {
    writer.open_object();
    writer.key("id").string(base::make_id("job"));
    writer.key("event_name").string(event.name);
    writer.key("data");
    if (event.data.is_nullish())
      writer.raw("{}");
    else
      writer.value(event.data);
    writer.key("options");
    if (event.options.is_nullish())
      writer.raw("{}");
    else
      writer.value(event.options);
    writer.close_object();
  }
  writer.close_array();
  return {insert, db::Params::of(rows)};
}

bool known(std::string_view name) { return std::binary_search(std::begin(kNames), std::end(kNames), name); }

} // namespace events
