#include "commerce/checkout/drafts.hpp"
#include "base/error.hpp"
#include "commerce/cart/update.hpp"
#include "commerce/checkout/attempt.hpp"
#include "commerce/order/service.hpp"

namespace commerce::checkout {

using base::Error;

namespace {

// The draft's cart, locked. Who has waited for somebody else's payment learns here that it is made.
std::string lock_cart(ports::Call& call, const std::string& draft_id) {
  static const db::Statement statement("SELECT c.id, c.completed_at IS NOT NULL FROM draft_order d JOIN cart c ON "
                                       "c.id = d.cart_id WHERE d.id = $1 FOR UPDATE OF c");
  const auto found = call.db().run(statement, db::Params::of(draft_id));
  if (found.empty()) throw Error::not_found("Draft order with " + draft_id + " was not found");
  if (found.boolean(0, 1)) throw Error::duplicate("Order from cart already exists");
  return std::string(found.text(0, 0));
}

} // namespace

std::string pay_draft(ports::Call& call, const std::string& draft_id) {
  // Nobody resends this request, so there is no key.
  static const idempotency::Key no_key;
  std::string cart_id;
  bool discount_ended = false;
  const auto attempt = [&](Stock mode, const std::optional<Error>& refusal) {
    // 1. The draft's cart.
    cart_id = lock_cart(call, draft_id);
    // 2. The order, paid for by the system's own provider. What is refused leaves nothing behind.
    Outcome outcome = Attempt(call, cart_id, no_key, call.identity.ip, Payer::system).run(mode, refusal);
    discount_ended = outcome.discount_ended;
    if (outcome.out_of_stock) throw Error(*outcome.out_of_stock);
    if (outcome.refusal) throw Error(*outcome.refusal);
    if (!outcome.made) throw Error::duplicate("Order from cart already exists");
    // 3. What was paid has been taken.
    order::capture_payment(call, *outcome.made);
    return outcome;
  };
  try {
    return *until_one_ends([&](Stock mode, const std::optional<Error>& refusal) {
              return call.atomic([&] { return attempt(mode, refusal); });
            }).made;
  } catch (const Error&) {
    // The admin sees what the draft costs without the discount, and may try again.
    if (discount_ended) cart::let_discounts_end(call, cart_id);
    throw;
  }
}

} // namespace commerce::checkout
