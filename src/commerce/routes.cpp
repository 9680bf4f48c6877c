#include "commerce/routes.hpp"
#include "commerce/auth/routes.hpp"
#include "commerce/cart/store.hpp"
#include "commerce/catalogue/store.hpp"
#include "commerce/catalogue/taxonomy.hpp"
#include "commerce/checkout/store.hpp"
#include "commerce/customer/store.hpp"
#include "commerce/gift_card/store.hpp"
#include "commerce/order/admin.hpp"
#include "commerce/order/store.hpp"
#include "commerce/payment/store.hpp"
#include "commerce/region/store.hpp"
#include "commerce/shipping/options.hpp"

namespace commerce {

http::Routes all_routes() {
  http::Routes all;
  for (const auto& part : {
           region::store_routes(),
           catalogue::store_routes(),
           catalogue::taxonomy_routes(),
           catalogue::category_routes(),
           customer::store_routes(),
           auth::routes(),
           gift_card::store_routes(),
           payment::store_routes(),
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
