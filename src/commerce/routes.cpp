#include "commerce/routes.hpp"
#include "commerce/answers.hpp"
#include "commerce/auth/routes.hpp"
#include "commerce/batch_job/admin.hpp"
#include "commerce/cart/storefront.hpp"
#include "commerce/catalogue/products_admin.hpp"
#include "commerce/catalogue/storefront.hpp"
#include "commerce/catalogue/taxonomy.hpp"
#include "commerce/checkout/admin.hpp"
#include "commerce/checkout/storefront.hpp"
#include "commerce/claim/admin.hpp"
#include "commerce/customer/admin.hpp"
#include "commerce/customer/groups.hpp"
#include "commerce/customer/storefront.hpp"
#include "commerce/discount/admin.hpp"
#include "commerce/draft_order/admin.hpp"
#include "commerce/file/admin.hpp"
#include "commerce/gift_card/admin.hpp"
#include "commerce/gift_card/storefront.hpp"
#include "commerce/notification/admin.hpp"
#include "commerce/order/admin.hpp"
#include "commerce/order/storefront.hpp"
#include "commerce/order_edit/routes.hpp"
#include "commerce/payment/admin.hpp"
#include "commerce/payment/collections.hpp"
#include "commerce/payment/storefront.hpp"
#include "commerce/pricing/price_lists.hpp"
#include "commerce/region/admin.hpp"
#include "commerce/region/storefront.hpp"
#include "commerce/returns/admin.hpp"
#include "commerce/returns/reasons.hpp"
#include "commerce/returns/storefront.hpp"
#include "commerce/sales_channel/admin.hpp"
#include "commerce/shipping/admin.hpp"
#include "commerce/shipping/options.hpp"
#include "commerce/stock/inventory_items.hpp"
#include "commerce/stock/locations.hpp"
#include "commerce/stock/reservations_admin.hpp"
#include "commerce/store/admin.hpp"
#include "commerce/store/apps.hpp"
#include "commerce/store/notes.hpp"
#include "commerce/swap/routes.hpp"
#include "commerce/tax/admin.hpp"
#include "commerce/user/admin.hpp"

namespace commerce {

http::Routes all_routes() {
  http::Routes all;
  for (const auto& part : {
           region::store_routes(),
           region::admin_routes(),
           catalogue::store_routes(),
           catalogue::collection_routes(),
           catalogue::taxonomy_routes(),
           catalogue::category_routes(),
           catalogue::price_list_product_routes(),
           pricing::price_list_routes(),
           catalogue::product_admin_routes(),
           catalogue::product_write_routes(),
           catalogue::option_admin_routes(),
           catalogue::variant_admin_routes(),
           customer::store_routes(),
           auth::routes(),
           discount::admin_routes(),
           gift_card::store_routes(),
           gift_card::admin_routes(),
           payment::store_routes(),
           payment::collection_routes(),
           payment::admin_routes(),
           shipping::store_routes(),
           shipping::admin_routes(),
           shipping::profile_routes(),
           cart::store_routes(),
           order::store_routes(),
           order::admin_routes(),
           returns::reason_routes(),
           returns::admin_routes(),
           returns::store_routes(),
           claim::admin_routes(),
           swap::admin_routes(),
           swap::store_routes(),
           order_edit::admin_routes(),
           order_edit::store_routes(),
           draft_order::admin_routes(),
           sales_channel::admin_routes(),
           stock::location_routes(),
           stock::item_routes(),
           stock::reservation_routes(),
           store::admin_routes(),
           store::note_routes(),
           store::app_routes(),
           notification::admin_routes(),
           batch_job::admin_routes(),
           file::admin_routes(),
           user::admin_routes(),
           user::invite_routes(),
           user::analytics_routes(),
           tax::admin_routes(),
           customer::admin_routes(),
           customer::group_routes(),
           checkout::store_routes(),
           checkout::admin_routes(),
       })
    all.insert(all.end(), part.begin(), part.end());
  describe_answers(all);
  return all;
}

} // namespace commerce
