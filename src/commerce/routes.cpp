#include "commerce/routes.hpp"
#include "commerce/catalogue/store.hpp"

namespace commerce {

http::Routes all_routes() {
  http::Routes all;
  for (const auto& part : {
           catalogue::store_routes(),
       })
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

} // namespace commerce
