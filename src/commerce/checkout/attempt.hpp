// One attempt to complete a cart inside a transaction: the cart is loaded and locked, taxed, paid for and made an order,
// step by step; what is to be written is collected and left to travel with the COMMIT.
// Owns: the loaded cart and everything worked out over it. Made and used by complete() only, on the fiber of the request.
#pragma once
#include "base/error.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/checkout/decision.hpp"
#include "commerce/checkout/gift_cards.hpp"
#include "commerce/idempotency/idempotency.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/stock/sale.hpp"
#include "commerce/swap/completion.hpp"
#include "commerce/tax/tax.hpp"
#include "commerce/totals/totals.hpp"
#include "db/batch.hpp"
#include "ports/call.hpp"
#include "query/in_hand.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::checkout {

// How an attempt ended.
struct Outcome {
  bool has_order = false;                    // the answer is the cart's order
  bool has_swap = false;                     // or the swap that it is the cart of
  std::optional<std::string> made{};         // the id of the order, where this attempt has made it
  std::optional<query::Tree> order{};        // and its rows, where they are to be shown
  std::optional<idempotency::Reply> reply{}; // or this
  std::optional<base::Error> refusal{};      // or this error, to be thrown after the commit
  std::optional<base::Error> out_of_stock{}; // why there is a reply that refuses the order
  bool discount_ended = false;               // the refusal is that of a discount, which shall leave the cart
};

// Thrown through the transaction, so that what was taken is given back; the next attempt only looks.
struct GiveBack {
  std::optional<base::Error> refusal; // what the next attempt shall end with, if stock suffices
};

// Attempts until one ends, each by `attempt(mode, refusal)`, which runs one in a transaction of its own. An attempt that took
// stock or discounts and then found that it may not have them is rolled back, and the next one only looks; when meanwhile it
// could have had them, there is another.
Outcome until_one_ends(const std::function<Outcome(Stock mode, const std::optional<base::Error>& refusal)>& attempt);

// By whose session a cart is paid for: the one that was selected, or the system's own, which the attempt makes.
enum class Payer { selected, system };

class Attempt {
 public:
  // Loads and locks the cart. Throws not_found.
  Attempt(ports::Call& call, std::string_view cart_id, const idempotency::Key& key, std::string_view ip,
          Payer payer = Payer::selected);

  // Runs all steps. With Stock::look nothing is sold, and the attempt ends with `refusal`.
  Outcome run(Stock mode, const std::optional<base::Error>& refusal);

 private:
  bool for_swap() const { return cart_.text("type") == "swap"; }
  bool is_draft() const { return cart_.text("type") == "draft_order"; }
  Outcome steps(Stock mode, const std::optional<base::Error>& refusal);
  Facts take(Stock mode, const std::optional<base::Error>& refusal, stock::Sale& sale);
  std::optional<base::Error> ended_discount() const;
  void create_tax_lines();
  void choose_session();
  const base::Json* selected_session() const;
  std::optional<Outcome> authorize_payment();
  void authorize_session(const base::Json& session);
  std::optional<base::Error> refusal_of_order() const;
  Outcome out_of_stock(const std::vector<base::Error>& refusals);
  Outcome refuse(base::Error error);
  void delete_tax_lines();
  void write_tax_lines();
  void write_payment_steps(const base::Json& order_id);
  Outcome write_order();
  void know_rest_of_order();
  std::optional<Outcome> lock_swap();
  std::optional<base::Error> refusal_of_swap() const;
  void write_swap();
  void write_gift_cards(const std::string& order_id);
  // What an INSERT or UPDATE of these rows shall return.
  query::Returned columns(std::string_view entity) const;

  ports::Call& call_;
  const idempotency::Key& key_;
  std::string_view ip_;
  Payer payer_;
  query::Tree tree_;
  query::RowOf<table::Cart> cart_;
  std::string id_;
  std::optional<swap::Completing> swap_;
  std::vector<GiftCardBalance> gift_cards_; // locked, in the order of use
  tax::Lines lines_;
  totals::CartTotals totals_;
  db::Batch::Slot draft_;    // the draft order that the cart is of
  base::JsonArray sessions_; // the cart's payment sessions
  base::Json session_;       // changes of the selected payment session; undefined: none
  base::Json payment_;       // the payment's row; undefined: none
  bool payment_is_new_ = false;
  base::Json old_payment_; // changes of a payment that is given up; undefined: none
  base::Json cart_changes_ = base::Json::object();
  db::Batch writes_;   // that nobody has sent yet
  query::InHand made_; // what they return of an order
};

} // namespace commerce::checkout
