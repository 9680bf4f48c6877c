#include "commerce/returns/admin.hpp"
#include "commerce/eager.hpp"
#include "http/resource.hpp"

namespace commerce::returns {
namespace {

http::Resource returns() {
  return http::Resource{.path = "/admin/returns",
                        .entity = "Return",
                        .one = "return",
                        .many = "returns",
                        .read = {.relations = {"swap", "order"}},
                        .refused = {"fields", "expand", "order"},
                        .limit = 50,
                        .auth = http::Auth::admin,
                        .prepare = [](http::Context&, const query::Wanted&,
                                      query::Read& read) { add_eager_items(read.selection, *read.entity); }}
      .list();
}

} // namespace

http::Routes admin_routes() { return returns().routes(); }

} // namespace commerce::returns
