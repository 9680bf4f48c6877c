#include "commerce/customer/groups.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/resource.hpp"

namespace commerce::customer {
namespace {

using http::By;
using http::Change;
using http::Is;
using http::Presence;
using http::QueryUse;

constexpr std::string_view kTable = "customer_group_customers";
const http::Rules kCustomers{{{"customer_ids", Is::array, Presence::required, &http::kWithId}}};

// Medusa 1.20: CustomerGroupService.create says this in PostgreSQL's words.
void refuse_taken_name(Change& change) {
  static const db::Statement taken("SELECT 1 FROM customer_group WHERE name = $1 AND deleted_at IS NULL");
  const auto& name = change.values["name"].as_string();
  if (!change.call.db().run(taken, db::Params::of(name)).empty())
    throw base::Error::duplicate("Key (name)=(" + name + ") already exists.");
}

// Medusa 1.20: CustomerGroupService.handleCreationFail
void refuse_unknown_customers(Change& change, const std::vector<std::string>& ids) {
  static const db::Statement known("SELECT id FROM customer WHERE id = ANY($1) AND deleted_at IS NULL");
  const auto found = change.call.db().run(known, db::Params::of(ids));
  std::vector<std::string> missing = ids;
  for (int i = 0; i < found.rows(); i++) std::erase(missing, found.text(i, 0));
  if (!missing.empty())
    throw base::Error::not_found("The following customer ids do not exist: " +
                                 base::Json(base::join(missing, ", ")).dump());
}

http::Resource groups() {
  return http::Resource{.path = "/admin/customer-groups",
                        .entity = "CustomerGroup",
                        .one = "customer_group",
                        .many = "customer_groups",
                        .not_found = "CustomerGroup with id {id} was not found",
                        .filters = {{"id", By::comparison},
                                    {"name", By::list},
                                    {"updated_at", By::date},
                                    {"created_at", By::date},
                                    {"discount_condition_id", By::text,
                                     "EXISTS (SELECT 1 FROM discount_condition_customer_group d WHERE "
                                     "d.customer_group_id = t.id AND d.condition_id = $?)"}},
                        .search = "t.name ILIKE $?",
                        .limit = 10,
                        .paged = http::Paged::count_first,
                        .auth = http::Auth::admin}
      .list()
      .retrieve()
      .create({.body = {{{"name", Is::string}, {"metadata", Is::object, Presence::optional}}},
               .hook = refuse_taken_name,
               .answer = http::Answer::saved})
      .update({.body = {{{"name", Is::string, Presence::optional}, {"metadata", Is::object, Presence::optional}}},
               .metadata = http::Metadata::merged,
               .query = QueryUse::read})
      .remove({.object = "customer_group", .missing = http::Missing::overlooked, .erased = http::Remove::Erased::yes})
      .link({.path = "/customers/batch",
             .ids = "customer_ids",
             .table = kTable,
             .own_column = "customer_group_id",
             .other_column = "customer_id",
             .body = kCustomers,
             .hook = refuse_unknown_customers})
      .unlink({.path = "/customers/batch",
               .ids = "customer_ids",
               .table = kTable,
               .own_column = "customer_group_id",
               .other_column = "customer_id",
               .body = kCustomers});
}

} // namespace

http::Routes group_routes() { return groups().routes(); }

} // namespace commerce::customer
