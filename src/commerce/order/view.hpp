// How orders are shown: what is loaded for a request's `fields` and `expand`, the totals worked out over it, and what
// of all that the answer keeps. Called by the order routes and by checkout, on the fiber of the request.
// Medusa 1.20: OrderService.retrieveWithTotals, listAndCount and decorateTotals, cleanResponseData.
#pragma once
#include "commerce/cart/tables.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/totals/totals.hpp"
#include "ports/call.hpp"
#include "query/grammar.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::order {

using Names = std::vector<std::string>;

// A route's side of it.
struct Grammar {
  query::Grammar read{};
  Names totals{}; // of the default fields those that are no columns ("items.refundable")
};
const Grammar& store_grammar();
const Grammar& my_grammar(); // a customer's own orders: the store's, with anything allowed
Grammar admin_grammar(const schema::Flags& flags);

// How much of what was loaded an answer keeps.
enum class Preset {
  picked,    // of reads: the relations and fields that were asked for (1.20: cleanResponseData)
  whole,     // of changes: everything
  uncleaned, // and what 1.20 leaves out elsewhere, where it does not clean
};
// What one request shall see.
struct Presentation {
  query::Selection selection{};
  std::vector<query::Order> order{};
  Names totals{}; // asked for by name: only these are shown in lists
  Names shown{};  // top-level relations that a picked answer keeps
  Preset preset = Preset::picked;
  // What a picked answer tells, as the route's grammar and the request's `fields` say.
  bool bare_refundables = false; // items that are not shown still tell what can be refunded
  bool names_object = true;      // a member `object`
  bool names_tax_rate = true;
  totals::Returnable returnable = totals::Returnable::not_asked;

  // 1.20's older way of reading, where `fields` names a total.
  bool by_name() const { return !totals.empty(); }
  bool whole() const { return preset != Preset::picked; }
  bool tells_object() const { return whole() || names_object; }
  // Quirk: totals asked for by name bring the rate along, which is left out elsewhere.
  bool tells_tax_rate() const {
    return names_tax_rate || preset == Preset::uncleaned || (preset == Preset::whole && by_name());
  }
  // The discount before it was rounded.
  bool tells_raw_discount() const { return preset == Preset::uncleaned; }
};
// Throws invalid_data for what the grammar refuses.
Presentation resolve(const schema::Flags& flags, const Grammar& grammar, const base::Json& query, query::Many many);
// The order has just been made: nothing has come back, been sent or been claimed, and no money was given back.
void know_new(Presentation& view);
// What has to be read for it: the selection without what would neither be shown nor counted.
query::Selection to_load(const Presentation& view);
// Everything that was loaded is shown: answers of POST requests.
Presentation whole(Presentation view);
// And what 1.20 leaves out elsewhere: answers that it does not clean.
Presentation uncleaned(Presentation view);
// The order as checkout answers with it.
Presentation completed_view();

// A line item with its totals; `raw`: whether with the discount before it was rounded.
enum class Raw { shown, hidden };
void show_item(const query::RowOf<table::LineItem>& item, const totals::OrderItemTotals& totals, Raw raw);

// Works the totals out and writes the order. `row` was read with to_load(view).
enum class Level { one, list }; // in lists, totals asked for by name come alone
std::string to_json(const ports::Call& call, const Presentation& view, const query::RowOf<table::Order>& row,
                    Level level);

// Medusa 1.20: OrderService.retrieveWithTotals; retrieveByCartIdWithTotals. Throw not_found.
std::string retrieve(ports::Call& call, const Presentation& view, std::string_view id);
std::string retrieve_by_cart(ports::Call& call, const Presentation& view, std::string_view cart_id);

} // namespace commerce::order
