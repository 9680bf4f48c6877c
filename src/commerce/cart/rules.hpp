// What the bodies and queries of the store routes of carts may hold.
#pragma once
#include "rules/rules.hpp"

namespace commerce::cart {

extern const rules::Rules find_params; // fields, expand
extern const rules::Rules create_body; // StorePostCartReq
extern const rules::Rules update_body; // StorePostCartsCartReq
extern const rules::Rules item_body;   // StorePostCartsCartLineItemsReq
extern const rules::Rules item_update_body;
extern const rules::Rules shipping_method_body;
extern const rules::Rules payment_session_body;
extern const rules::Rules payment_session_update_body;

} // namespace commerce::cart
