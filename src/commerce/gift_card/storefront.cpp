#include "commerce/gift_card/storefront.hpp"
#include "base/error.hpp"
#include "http/resource.hpp"
#include "query/query.hpp"

namespace commerce::gift_card {
namespace {

// Medusa 1.20: GiftCardService.retrieveByCode
void show_by_code(http::Context& context) {
  static const auto selection = query::select({"id", "code", "value", "balance"}, {"region"});
  const auto& code = context.param("code");
  const auto tree = query::read(context.call.db(), context.call.flags,
                                {.entity = &schema::get("GiftCard"),
                                 .selection = selection,
                                 .where = {{"code", query::Operator::equal, {code}}}});
  if (!tree.first()) throw base::Error::not_found("Gift card with code: " + code + " was not found");
  context.json(http::one_json("gift_card", *tree.first()));
}

} // namespace

http::Routes store_routes() {
  return {{.path = "/store/gift-cards/:code", .handler = show_by_code, .guess = http::Guess::code}};
}

} // namespace commerce::gift_card
