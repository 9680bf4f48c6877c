#include "commerce/checkout/swaps.hpp"
#include "base/money.hpp"
#include "commerce/checkout/attempt.hpp"
#include "commerce/payment/tables.hpp"
#include "ports/payment_provider.hpp"
#include "query/row_of.hpp"
#include <algorithm>

namespace commerce::checkout {

using base::Error;
using query::RowOf;

db::Command lines_of_returned(const std::string& cart_id) {
  static const db::Statement statement("SELECT l.item_id, l.rate, l.name, l.code FROM line_item_tax_line l "
                                       "JOIN line_item i ON i.id = l.item_id WHERE i.cart_id = $1 AND i.is_return "
                                       "ORDER BY l.id");
  return {statement, db::Params::of(cart_id)};
}

void give_returned_lines(std::vector<totals::Item>& items, const db::Result& lines) {
  for (auto& item : items) {
    if (!item.is_return) continue;
    item.tax_lines.emplace();
    for (int row = 0; row < lines.rows(); row++)
      if (lines.text(row, 0) == item.id)
        item.tax_lines->push_back(
            {item.id, lines.number(row, 1), std::string(lines.text(row, 2)), lines.optional_text(row, 3)});
  }
}

// The swap, locked behind its order. An outcome ends the attempt. 1.20 asks the payment's provider first.
std::optional<Outcome> Attempt::lock_swap() {
  swap_ = swap::lock_of_cart(call_, id_);
  if (swap_->confirmed) return Outcome{.has_swap = true};
  if (swap_->canceled) return refuse(Error::not_allowed("Cart related to canceled swap cannot be completed"));
  return std::nullopt;
}

// Medusa 1.20: SwapService.registerCartCompletion, its checks.
std::optional<Error> Attempt::refusal_of_swap() const {
  if (totals_.gift_card_total > 0) return Error::not_allowed("Gift cards can't pay for a swap");
  if (totals_.total <= 0) return std::nullopt;
  const auto invalid_argument = [](const char* sentence) { return Error(base::ErrorType::invalid_argument, sentence); };
  if (!payment_.is_object()) return invalid_argument("Cart does not contain a payment");
  for (const auto& session : cart_.many<table::PaymentSession>("payment_sessions")) {
    if (!session.boolean("is_selected")) continue;
    const auto status = ports::payment_provider(session.text("provider_id")).status(call_, payment_["data"]);
    if (status != "authorized" && status != "succeeded") return invalid_argument("Payment method is not authorized");
  }
  return std::nullopt;
}

// Medusa 1.20: SwapService.registerCartCompletion, what it writes. The payment is the swap's and its order's.
void Attempt::write_swap() {
  write_tax_lines();
  cart_changes_.set("completed_at", base::iso_time(base::now()));
  if (payment_.is_object()) payment_.set("swap_id", swap_->id);
  write_payment_steps(swap_->order_id);
  swap::register_completion(call_, *swap_, cart_, base::round_amount(totals_.total));
}

} // namespace commerce::checkout
