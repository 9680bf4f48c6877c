#include "commerce/checkout/complete.hpp"
#include "commerce/cart/update.hpp"
#include "commerce/checkout/attempt.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/order/view.hpp"
#include "commerce/swap/completion.hpp"

namespace commerce::checkout {

idempotency::Reply complete(ports::Call& call, std::string_view cart_id, const idempotency::Key& key,
                            std::string_view ip) {
  // 1. Attempts, until one ends.
  const Outcome outcome = until_one_ends([&](Stock mode, const std::optional<base::Error>& refusal) {
    return call.atomic([&] { return Attempt(call, cart_id, key, ip).run(mode, refusal); });
  });
  // The shopper sees what the cart costs without the discount, and may try again.
  if (outcome.discount_ended) cart::let_discounts_end(call, cart_id);
  if (outcome.refusal) throw base::Error(*outcome.refusal);
  if (outcome.reply) return *outcome.reply;

  // 2. The order is committed. Its answer is kept under the key; a server that dies before this leaves a cart whose next
  //    completion reads the order, and answers with it.
  static const order::Presentation view = order::completed_view();
  const auto order_json = [&] {
    return outcome.order ? order::to_json(call, view, *outcome.order->first<table::Order>(), order::Level::one)
                         : order::retrieve_by_cart(call, view, cart_id);
  };
  idempotency::Reply reply{200, outcome.has_swap ? swap::completed_json(call, cart_id)
                                                 : R"({"data":)" + order_json() + R"(,"type":"order"})"};
  idempotency::finish(call, key, reply);
  return reply;
}

} // namespace commerce::checkout
