// An order as whoever changes it needs it: loaded, and its row locked until the end of the transaction, so that of two
// requests the second sees what the first did. Owns nothing. Called by what is done to orders (service, changes, cancelation,
// refunds), on the fiber of the request, inside a transaction.
#pragma once
#include "base/json.hpp"
#include "commerce/order/states.hpp"
#include "commerce/order/tables.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::order {

// Throws not_found, in the words that follow from how 1.20 reads the order at that place: "Order with id: x", where it asks for
// totals by name, otherwise "Order with id x".
enum class Reads { rows, totals };
query::Tree lock(ports::Call& call, std::string_view order_id, const std::vector<std::string>& relations,
                 Reads reads = Reads::rows);
// Throws not_allowed where that may not be done to the order (states.hpp).
void check(const Act& act, const query::RowOf<table::Order>& order);
// Whether an event says `no_notification`: as wished, otherwise as the row (an order, a fulfillment) says.
template<class Table> base::Json notification(const std::optional<bool>& wanted, const query::RowOf<Table>& otherwise) {
  if (wanted) return *wanted;
  if (otherwise.is_null("no_notification")) return nullptr;
  return otherwise.boolean("no_notification");
}

} // namespace commerce::order
