#include "commerce/order/shown.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include <algorithm>

namespace commerce::order {

Presentation admin_view(const schema::Flags& flags, const base::Json& query, query::Many many) {
  if (const base::Json& expand = query["expand"]; expand.is_string()) {
    const auto names = base::split(expand.as_string(), ',');
    if (std::find(names.begin(), names.end(), "returnable_items") != names.end())
      throw base::Error::invalid_data("The field \"returnable_items\" is not supported by this end point. ");
  }
  return resolve(flags, admin_grammar(flags), query, many);
}

Presentation changed_view(const schema::Flags& flags, const base::Json& query) {
  return whole(admin_view(flags, query, query::Many::no));
}

std::string enveloped(const std::string& order) { return R"({"order":)" + order + "}"; }

} // namespace commerce::order
