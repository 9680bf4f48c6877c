// What an admin changes of an edit's items: more of one, one more, one less, and a change taken back. Each runs in one transaction
// that holds the order and the edit, notes the change, and lets the order's discount apply to what there is now. Owns nothing.
// Called by the admin routes, on the fiber of the request. All throw base::Error with 1.20's sentences. What the first three return
// says how the edit is left, for answer() in the same transaction.
#pragma once
#include "base/json.hpp"
#include "commerce/order_edit/view.hpp"
#include "ports/call.hpp"
#include <cstdint>
#include <string>
#include <string_view>

namespace commerce::order_edit {

struct ItemWish {
  std::string variant_id;
  std::int64_t quantity = 0;
  base::Json metadata{}; // nullish: none
};
// Medusa 1.20: OrderEditService.addLineItem
Changed add_item(ports::Call& call, std::string_view edit_id, const ItemWish& wish);

// Medusa 1.20: OrderEditService.updateLineItem. Never below what has been fulfilled or come back.
Changed update_item(ports::Call& call, std::string_view edit_id, std::string_view item_id, std::int64_t quantity);

// Medusa 1.20: OrderEditService.removeLineItem. An item that is not there is passed over. One that was changed before can be
// removed, too (1.20 fails).
Changed remove_item(ports::Call& call, std::string_view edit_id, std::string_view item_id);

// Medusa 1.20: OrderEditService.deleteItemChange. What was added goes, what was changed or removed is as in the order again; 1.20
// leaves the edit without that item, so that the order loses it.
void revert_change(ports::Call& call, std::string_view edit_id, std::string_view change_id);

} // namespace commerce::order_edit
