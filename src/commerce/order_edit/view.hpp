// Order edits as the API shows them: their status, their items with totals, and what the order would come to with these
// items. Called by the routes of order edits, on the fiber of the request.
// Medusa 1.20: OrderEditService.decorateTotals, OrderEdit.loadStatus.
#pragma once
#include "http/http.hpp"
#include "query/grammar.hpp"
#include <string_view>

namespace commerce::order_edit {

query::Grammar admin_grammar();
query::Grammar store_grammar(); // without who did what, and the admins' note

// Hooks of the Resource rows: what is worked out takes the place of what would be loaded for it.
void prepare(http::Context& context, const query::Wanted& wanted, query::Read& read);
void decorate(http::Context& context, const query::Wanted& wanted, const query::Tree& tree);

// "created", "requested", "declined", "confirmed" or "canceled"; of a row with its own columns.
std::string_view status_of(const query::Row& edit);

} // namespace commerce::order_edit
