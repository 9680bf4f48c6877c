#include "commerce/gift_card/admin.hpp"
#include "base/error.hpp"
#include "commerce/gift_card/gift_card.hpp"
#include "commerce/gift_card/tables.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"

namespace commerce::gift_card {
namespace {

using base::Error;
using http::Change;
using http::Is;
using enum http::Presence;

struct Region {
  double tax_rate = 0;
  Taxable taxable = Taxable::no;
};

Region region_of(Change& change) {
  static const db::Statement statement(
      "SELECT tax_rate, gift_cards_taxable FROM region WHERE id = $1 AND deleted_at IS NULL");
  const auto& id = change.values["region_id"].as_string();
  const auto found = change.call.db().run(statement, db::Params::of(id));
  if (found.empty()) throw Error::not_found("Region with " + id + " was not found");
  return {found.number(0, 0), found.boolean(0, 1) ? Taxable::yes : Taxable::no};
}

// Medusa 1.20: GiftCardService.create
void complete_new(Change& change) {
  const Region region = region_of(change);
  change.values.set("code", new_code());
  change.values.set("balance", change.values["value"]);
  change.values.set("tax_rate", tax_rate(0, region.tax_rate, region.taxable));
}

// Medusa 1.20: GiftCardService.update
void check_changes(Change& change) {
  const query::RowOf<table::GiftCard> before(*change.before);
  // 1. Its region. Quirk: the tax rate stays that of the first one.
  const auto& region = change.values["region_id"];
  if (!region.truthy())
    change.values.erase("region_id");
  else if (region.as_string() != before.text("region_id"))
    region_of(change);
  // 2. Its balance. 1.20 answers 500.
  const auto& balance = change.values["balance"];
  if (balance.is_number() && (balance.as_number() < 0 || balance.as_number() > before.number("value")))
    throw Error::invalid_data("new balance is invalid");
}

http::Resource gift_cards() {
  return http::Resource{.path = "/admin/gift-cards",
                        .entity = "GiftCard",
                        .one = "gift_card",
                        .many = "gift_cards",
                        .not_found = "Gift card with id: {id} was not found",
                        .read = {.fields = {"id", "code", "value", "balance", "region_id", "is_disabled", "ends_at",
                                            "tax_rate", "created_at", "updated_at", "deleted_at", "metadata"},
                                 .relations = {"region", "order"}},
                        .search = "t.code ILIKE $? OR EXISTS (SELECT 1 FROM \"order\" o WHERE o.id = t.order_id AND "
                                  "o.display_id::varchar ILIKE $?)",
                        .unfiltered = {{"limit", Is::integer_text, optional}, {"offset", Is::integer_text, optional}},
                        .refused = {"fields", "expand", "limit", "offset"},
                        .limit = 50,
                        .auth = http::Auth::admin}
      .list()
      .retrieve(http::QueryUse::ignored)
      .create({.body = {{{"value", Is::integer, optional},
                         {"ends_at", Is::date, optional},
                         {"is_disabled", Is::boolean, optional},
                         {"region_id", Is::string},
                         {"metadata", Is::any, optional}}},
               .hook = complete_new,
               .event = "gift_card.created"})
      .update({.body = {{{"balance", Is::integer, optional},
                         {"is_disabled", Is::boolean, optional},
                         {"ends_at", Is::date, optional},
                         {"region_id", Is::string, optional},
                         {"metadata", Is::any, optional}}},
               .hook = check_changes,
               .metadata = http::Metadata::merged})
      .remove({.object = "gift-card", .missing = http::Missing::overlooked});
}

} // namespace

http::Routes admin_routes() { return gift_cards().routes(); }

} // namespace commerce::gift_card
