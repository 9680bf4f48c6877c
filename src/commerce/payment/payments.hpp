// Payments that exist: taking their money, giving it back, and what of that is remembered when something fails afterwards.
// Owns nothing. Called by the admin routes of payments and by the domains that refund or cancel, on the fiber of the request.
// Whoever does something to a payment locks its order's row first, so that no two give the same money back.
#pragma once
#include "base/json.hpp"
#include "base/money.hpp"
#include "commerce/payment/tables.hpp"
#include "ports/call.hpp"
#include "ports/payment_provider.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::payment {

// What tells of a provider's refusal goes out although the request fails: into a transaction of its own.
struct Aftermath {
  std::vector<ports::Event> events{};
};
// Runs `work`, which opens its transaction itself; not to be called within one. What `work` throws is thrown again after the
// aftermath has been stored.
void with_aftermath(ports::Call& call, const std::function<void(Aftermath&)>& work);

ports::Payment at_provider(const query::RowOf<table::Payment>& payment);

struct RefundWish {
  base::Amount amount = 0; // above 0
  std::string reason;
  std::optional<std::string> note{};
  // What it is for, where that has a name, as in "return ret_1". A refund whose request failed after it was given is kept under
  // that name, and whoever wants it for the same purpose takes it up (given_for) instead of giving it once more.
  std::optional<std::string> purpose{};
  // Without a purpose: what tells of such a refund.
  std::optional<ports::Event> told{};
};

// The note of a refund that was given for a purpose which was not stored.
std::string note_of_left(std::string_view purpose);
// What has been given for it already, by requests that failed afterwards. Pure.
struct Given {
  base::JsonArray refunds{}; // {id, note: null}
  base::Amount amount = 0;
};
Given given_for(const std::vector<query::RowOf<table::Refund>>& refunds, std::string_view purpose);
// These refunds are what they were to be from now on: the note that says otherwise goes.
void take_up(ports::Call& call, const Given& given);

// Medusa 1.20: PaymentService.capture. Returns the payment; one that has been captured is left as it is.
query::Tree capture(ports::Call& call, Aftermath& aftermath, std::string_view payment_id);
// Medusa 1.20: PaymentService.refund. Returns the refund.
query::Tree refund(ports::Call& call, Aftermath& aftermath, std::string_view payment_id, const RefundWish& wish);

// Medusa 1.20: PaymentProviderService.refundPayment. Gives the amount back from an order's payments, the newest first, and
// returns the refund's id. Only what was captured is given back (1.20 also takes it from payments that were not). To be called
// in a transaction that holds the order's row, when all else has been looked at: a provider may refuse.
std::string give_back(ports::Call& call, std::string_view order_id,
                      const std::vector<query::RowOf<table::Payment>>& payments, const RefundWish& wish);
// Medusa 1.20: PaymentProviderService.cancelPayment for each; likewise. Those that have been canceled stay as they are.
void cancel(ports::Call& call, const std::vector<query::RowOf<table::Payment>>& payments);

} // namespace commerce::payment
