#include "commerce/storefront.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include <algorithm>

namespace commerce {
namespace {

// A relation of an entity; without a name, each of them.
struct Step {
  std::string_view entity, relation{};
};
constexpr Step kAway[]{
    // To other people.
    {"CustomerGroup"},
    {"Address", "customer"},
    {"GiftCard", "order"},
    {"Note", "author"},
    // To what the shop keeps to itself.
    {"PriceList"},
    {"DiscountCondition", "customer_groups"},
    {"SalesChannel", "publishableKeys"},
};
constexpr Step kAwayFromCustomer{"Customer"};

bool is(const Step& step, std::string_view entity, std::string_view relation) {
  return step.entity == entity && (step.relation.empty() || step.relation == relation);
}

// What a cart or order says of its customer itself.
constexpr std::string_view kToldOfCustomers[]{"id", "created_at", "updated_at", "deleted_at", "email", "has_account"};
bool is_told(std::string_view column) {
  return std::find(std::begin(kToldOfCustomers), std::end(kToldOfCustomers), column) != std::end(kToldOfCustomers);
}

void tell_little(query::Selection& customer) {
  if (customer.fields.empty()) return customer.fields.assign(std::begin(kToldOfCustomers), std::end(kToldOfCustomers));
  std::erase_if(customer.fields, [](const std::string& column) { return !is_told(column); });
  if (customer.fields.empty()) customer.fields.emplace_back("id");
}

// Which rows of a relation to many count; empty: all.
std::string_view public_rows(std::string_view entity) {
  if (entity == "Product") return "t.status = 'published'";
  if (entity == "ShippingOption") return "NOT t.admin_only";
  return {};
}

void walk(const schema::Entity& entity, query::Selection& selection, Whose whose, const std::string& path,
          std::vector<std::string>& away) {
  for (auto& child : selection.children) {
    const auto& relation = *entity.relation(child.relation);
    const std::string here = path + child.relation;
    if (leads_away(entity, relation, whose)) {
      away.push_back(here);
      continue;
    }
    const auto& target = schema::get(relation.target);
    if (target.name == "ProductCategory")
      child.where = kPublicCategory;
    else if (relation.kind == schema::RelationKind::to_many || relation.kind == schema::RelationKind::many_to_many)
      if (const auto where = public_rows(target.name); !where.empty()) child.where = where;
    // The customer of the row itself may be who asks: hide_customer looks.
    if (target.name == "Customer" && whose == Whose::somebodys && !path.empty()) tell_little(child.selection);
    walk(target, child.selection, whose, here + ".", away);
  }
}

} // namespace

bool leads_away(const schema::Entity& entity, const schema::Relation& relation, Whose whose) {
  if (whose == Whose::somebodys && is(kAwayFromCustomer, entity.name, relation.name)) return true;
  return std::any_of(std::begin(kAway), std::end(kAway),
                     [&](const Step& step) { return is(step, entity.name, relation.name); });
}

void show_only_public(const schema::Entity& entity, query::Selection& selection, Whose whose) {
  std::vector<std::string> away;
  walk(entity, selection, whose, "", away);
  if (!away.empty()) throw base::Error::invalid_data("Requested fields [" + base::join(away, ", ") + "] are not valid");
}

void hide_customer(const ports::Call& call, const query::Row& row) {
  if (call.identity.user_id || !row.has("customer")) return;
  const auto customer = row.one("customer"); // of a cart or an order
  if (!customer || (call.identity.customer_id && customer->id() == *call.identity.customer_id)) return;
  const base::Json shown = query::row_value(*customer);
  for (const auto& member : shown.as_object())
    if (!is_told(member.name)) customer->compute(member.name, base::Json(nullptr));
}

} // namespace commerce
