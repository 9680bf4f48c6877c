// What the bodies and queries of the store routes of carts may hold.
#pragma once
#include "http/rules.hpp"

namespace commerce::cart {

extern const http::Rules find_params; // fields, expand
extern const http::Rules create_body; // StorePostCartReq
extern const http::Rules update_body; // StorePostCartsCartReq
extern const http::Rules item_body;   // StorePostCartsCartLineItemsReq
extern const http::Rules item_update_body;
extern const http::Rules shipping_method_body;
extern const http::Rules payment_session_body;
extern const http::Rules payment_session_update_body;

} // namespace commerce::cart
