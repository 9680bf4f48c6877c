// A cart as the API shows it: with its relations, read or in hand from its change, taxed and totalled, its payment sessions brought up to date.
// Called by the store routes of carts and by checkout, on the fiber of the request.
#pragma once
#include "commerce/cart/state.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/payment/sessions.hpp"
#include "commerce/totals/totals.hpp"
#include "ports/call.hpp"
#include "ports/payment_provider.hpp"
#include "query/row_of.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::cart {

// What 1.20's store routes show of a cart: the default relations and those that totals need.
std::vector<std::string> shown_relations();
// The relations that totals need (Medusa 1.20: CartService.getTotalsRelations).
std::vector<std::string> totals_relations();
// A selection of these relations, in 1.20's order of members.
query::Selection shown(std::vector<std::string> relations);
// shown_relations(), and with the customer, which some routes add.
const query::Selection& default_view();
// What totals need that are asked for by name (Medusa 1.20: CartService.transformQueryForTotals_), besides `relations`.
query::Selection with_named_totals(std::vector<std::string> relations);
const query::Selection& view_with_customer();

class View {
 public:
  // Reads the cart; `before` are writes that it shall see, sent in the same batch. Throws not_found.
  static View read(ports::Call& call, std::string_view id, const query::Selection& selection,
                   std::vector<db::Command> before = {});
  // The same of what is in hand, which nobody reads again.
  static View read(ports::Call& call, std::string_view id, const query::Selection& selection, db::Batch& before,
                   query::InHand& in_hand);
  // The state's cart as it is from now on; sends the state's writes. `selection` is what the state was loaded for
  // (Needs::shown).
  static View of(State& state, const query::Selection& selection);
  // The same, with the cart's row locked until the transaction's end: for changes of payment sessions alone, which
  // need nothing that is not shown.
  static View lock(ports::Call& call, std::string_view id, const query::Selection& selection);

  query::RowOf<table::Cart> row() const { return query::RowOf<table::Cart>(tree_.root->row(0)); }
  // Medusa 1.20: CartService.decorateTotals
  totals::CartTotals totals(totals::ForceTaxes force) const;

  // What a payment provider is told, at that amount.
  ports::PaymentContext payment_context(double amount) const;
  // The payment providers of the cart's region.
  std::vector<std::string> payment_providers() const;
  // The payment sessions as read, and as they are to be from now on; their writes travel with the COMMIT.
  payment::Sessions sessions() const;
  void put(const payment::Sessions& sessions);
  // Medusa 1.20: CartService.setPaymentSessions, where the cart has sessions already.
  void sync_sessions(totals::ForceTaxes force);

  // The JSON object, with totals.
  enum class Raw { hidden, shown }; // the unrounded discount of the whole
  // Where 1.20 was asked for totals by name it shows those first, and payment_session behind all relations.
  enum class Style { usual, by_name };
  std::string json(totals::ForceTaxes force = totals::ForceTaxes::no, Raw raw = Raw::hidden,
                   Style style = Style::usual) const;
  // The same with the totals that can be asked for by name, and nothing worked out on items and shipping methods.
  std::string named_totals_json() const;

 private:
  View(ports::Call& call, query::Tree tree, std::string_view id);
  totals::Cart to_total(totals::ForceTaxes force) const;
  bool taxed(totals::ForceTaxes force) const;
  void load_rates();
  base::Json customer() const;

  ports::Call* call_;
  query::Tree tree_;
  tax::RegionRates rates_;
  std::optional<std::string> sessions_json_, session_json_; // after put()
};

} // namespace commerce::cart
