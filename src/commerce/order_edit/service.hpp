// How order edits begin and end: made, requested, declined, canceled, confirmed by an admin or completed by who has ordered. Each
// runs in one transaction that locks the order's row first, so an edit is confirmed once, and an order has one open edit, however
// many clicks there are. Owns nothing. Called by the routes of order edits, on the fiber of the request. All throw base::Error
// with 1.20's sentences. What each returns says how the edit is left, for answer() in the same transaction.
#pragma once
#include "commerce/order_edit/view.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace commerce::order_edit {

using By = std::optional<std::string>; // an admin's or a customer's id

// Medusa 1.20: OrderEditService.create
Changed create(ports::Call& call, std::string_view order_id, const std::optional<std::string>& internal_note,
               const By& by);

// Medusa 1.20: OrderEditService.requestConfirmation, and the payment collection that its route makes where there is something to
// pay. Asked again, it keeps a collection that still has the right amount (1.20 makes another, and who pays the first has paid
// for nothing). What was canceled or declined can't be requested (1.20 asks for its payment).
Changed request(ports::Call& call, std::string_view edit_id, const std::optional<std::string>& description,
                const By& by);

// Medusa 1.20: OrderEditService.cancel
Changed cancel(ports::Call& call, std::string_view edit_id, const By& by);

// Medusa 1.20: OrderEditService.decline
Changed decline(ports::Call& call, std::string_view edit_id, const std::optional<std::string>& reason, const By& by);

// Medusa 1.20: OrderEditService.confirm. The edit's items become the order's. What has been fulfilled, shipped or has come back
// meanwhile stays so (1.20 forgets it, and the units can be packed twice).
Changed confirm(ports::Call& call, std::string_view edit_id, const By& by);

// Medusa 1.20: the handler of POST /store/order-edits/:id/complete. What is due must have been authorized; that is looked at as it
// is now, not only where the edit has a payment collection.
Changed complete(ports::Call& call, std::string_view edit_id, const By& by);

} // namespace commerce::order_edit
