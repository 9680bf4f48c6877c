#include "commerce/products_exist.hpp"
#include "base/strings.hpp"

namespace commerce {

void refuse_unknown_products(http::Change& change, const std::vector<std::string>& ids) {
  static const db::Statement statement("SELECT id FROM product WHERE id = ANY($1) AND deleted_at IS NULL");
  const auto found = change.call.db().run(statement, db::Params::of(ids));
  std::vector<std::string> missing;
  for (const auto& id : ids) {
    bool known = false;
    for (int i = 0; i < found.rows(); i++) known = known || found.text(i, 0) == id;
    if (!known) missing.push_back(id);
  }
  if (!missing.empty()) throw http::RequestErrors({"Products " + base::join(missing, ", ") + " do not exist"});
}

} // namespace commerce
