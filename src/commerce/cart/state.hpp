// A cart inside the transaction that changes it: its row is locked, so that operations on one cart come one after the
// other; what the rules look at is in memory; the operations change it there; writes() is the difference.
// Called by the operations of this folder, on the fiber of the request.
#pragma once
#include "base/money.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/discount/discount.hpp"
#include "commerce/discount/tables.hpp"
#include "commerce/rows.hpp"
#include "db/batch.hpp"
#include "ports/call.hpp"
#include "query/in_hand.hpp"
#include "query/row_of.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::cart {

// What to load besides the cart's own row.
struct Needs {
  bool items = false;     // with their adjustments, the products of their variants and those products' profiles
  bool methods = false;   // shipping methods with their options
  bool discounts = false; // with their rules; also loads items
  bool gift_cards = false;
  bool region = false; // with countries and payment providers
  bool customer = false;
  bool sessions = false; // payment sessions
  bool addresses = false;
  bool completed = false; // a cart that has become an order will do too
  bool fresh = false;     // the cart has just been made: it has items, and nothing else hangs on it
  // What is shown of the cart once it has changed: read along, so that it need not be read again. Outlives the state.
  const query::Selection* shown = nullptr;
};
query::Selection selection_of(const Needs& needs);

bool is_free_shipping(const discount::Discount& discount);
// A loaded discount, without conditions and regions.
discount::Discount discount_of(const query::RowOf<table::Discount>& row);

class State {
 public:
  // Loads and locks the cart; `before` as query::read_one. Throws not_found, also for a completed cart
  // unless `needs` takes it. Discounts that have ended are gone, see `ended`.
  static State lock(ports::Call& call, std::string_view id, const Needs& needs, db::Batch before = {});

  // The same without a lock, for those who only look.
  static State read(ports::Call& call, std::string_view id, const Needs& needs, db::Batch before = {});

  const std::string& id() const { return cart["id"].as_string(); }
  bool completed() const { return !cart["completed_at"].is_null(); }
  // Of a swap: what comes back and what goes out was agreed on, at the prices and with the discounts of its order.
  bool of_swap() const { return cart["type"] == base::Json("swap"); }
  // Throws not_allowed for such a cart.
  void refuse_swap(const char* sentence) const;
  // A column of the cart as text; "" where null.
  std::string text(std::string_view column) const;
  query::RowOf<table::Cart> row() const { return query::RowOf<table::Cart>(tree.root->row(0)); }
  // The product of a line item's variant, and the shipping profile of that product; "" without one.
  std::string product_of(const base::Json& item) const;
  std::string profile_of(const base::Json& item) const;
  void know_product(std::string_view variant_id, std::string_view product_id);
  // The first discount that is not for free shipping, or null.
  const discount::Discount* line_discount() const;
  bool has_free_shipping() const;

  void remove_item(std::string_view item_id);
  // Whether an address of the cart is not its own alone, so that it has to be copied before it changes.
  bool holds_with_others(const std::string& address_id);

  std::vector<db::Command> writes() const;
  // The same as part of a batch, for whoever shows the cart as these writes leave it (Needs::shown). The state has no rows
  // afterwards.
  query::InHand write(db::Batch& batch);

  ports::Call* call;
  query::Tree tree; // as loaded
  base::Json cart;  // own columns
  Rows items, adjustments, methods, addresses, sessions;
  std::vector<discount::Discount> discounts; // loaded with their rules only
  base::JsonArray ended;                     // discounts that were taken away when the cart was locked: {code, message}
  std::vector<std::string> gift_card_ids;
  std::vector<db::Command> first; // writes that must come before those of the cart itself

 private:
  enum class Locked { no, yes };
  static State load(ports::Call& call, std::string_view id, const Needs& needs, Locked locked, db::Batch before);
  State(ports::Call& c, query::Tree t);
  struct Written {
    db::Batch::Slot cart;
    Rows::Written addresses, methods, items, adjustments, sessions;
  };
  enum class Returning { nothing, rows };
  Written add_writes(db::Batch& batch, Returning returning) const;
  bool leads_elsewhere(std::string_view column) const { return !(cart_before_[column] == cart[column]); }
  base::Json cart_before_;
  std::vector<discount::Discount> discounts_before_;
  std::vector<std::string> gift_cards_before_;
  std::optional<std::vector<std::string>> held_with_others_; // once somebody has asked
  std::vector<std::pair<std::string, std::pair<std::string, std::string>>> product_of_variant_; // product, profile
};

} // namespace commerce::cart
