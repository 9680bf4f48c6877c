#include "commerce/routes.hpp"
#include "commerce/cart/store.hpp"
#include "commerce/catalogue/store.hpp"
#include "commerce/shipping/options.hpp"
#include "commerce/checkout/store.hpp"
#include "commerce/order/admin.hpp"
#include "commerce/order/store.hpp"

namespace commerce {

http::Routes all_routes() {
  http::Routes all;
  for (const auto& part : {
           catalogue::store_routes(),
           shipping::store_routes(),
           cart::store_routes(),
           order::store_routes(),
           order::admin_routes(),
           checkout::store_routes(),
       })
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

} // namespace commerce
