// Order edits as the API shows them: their status, their items with totals, and what the order would come to with these
// items. Called by the routes and the operations of order edits, on the fiber of the request.
// Medusa 1.20: OrderEditService.decorateTotals
#pragma once
#include "commerce/cart/tables.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/order_edit/sums.hpp"
#include "ports/call.hpp"
#include "query/grammar.hpp"
#include "query/row_of.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::order_edit {

query::Grammar admin_grammar();
query::Grammar store_grammar(); // without who did what, and the admins' note

// What is worked out takes the place of what would be loaded for it.
void prepare(query::Read& read);
void decorate(ports::Call& call, const query::Wanted& wanted, const query::Tree& tree);

// Which items count as the order's: its own, or the edit's, once they have taken the place of those.
enum class OrderItems { own, of_edit };

// How an operation leaves an edit, and what it has in hand, so that its answer doesn't ask for that again.
struct Changed {
  std::string edit_id;
  query::Tree tree{}; // whose rows the order is
  // As it was loaded with order_selection(); none: it has to be read.
  std::optional<query::RowOf<table::Order>> order{};
  OrderItems order_items = OrderItems::own;
  std::vector<std::string_view> empty{}; // relations of the edit that have no rows
};
// {"order_edit": ...}: an edit after a change, as each such route answers; in one round trip, in which the writes of the
// change travel where it is called in their transaction. Throws not_found.
enum class Audience { admins, storefront };
std::string answer(ports::Call& call, Audience audience, const Changed& changed);

constexpr const char* kOldestFirst = "t.created_at ASC, t.id ASC";
// What sums_of() looks at, of an edit's items and of its order.
query::Selection item_selection();
query::Selection order_selection();
Sums sums_of(const query::RowOf<table::Order>& order, const std::vector<query::RowOf<table::LineItem>>& items,
             tax::Inclusive inclusive, OrderItems order_items);

} // namespace commerce::order_edit
