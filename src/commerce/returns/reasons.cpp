#include "commerce/returns/reasons.hpp"
#include "base/error.hpp"
#include "http/resource.hpp"

namespace commerce::returns {
namespace {

using http::Change;
using http::Is;
using http::Presence;
using http::QueryUse;

constexpr std::string_view kNotFound = "Return Reason with id: {id} was not found.";

// Medusa 1.20: ReturnReasonService.create
void refuse_double_nesting(Change& change) {
  const auto& parent = change.values["parent_return_reason_id"];
  if (!parent.truthy()) return;
  const auto& id = parent.as_string();
  static const db::Statement statement(
      "SELECT parent_return_reason_id FROM return_reason WHERE id = $1 AND deleted_at IS NULL FOR SHARE");
  const auto found = change.call.db().run(statement, db::Params::of(id));
  if (found.empty()) throw base::Error::not_found("Return Reason with id: " + id + " was not found.");
  if (!found.text(0, 0).empty()) throw base::Error::invalid_data("Doubly nested return reasons is not supported");
}

// Medusa 1.20: a reason's children go with it.
void remove_children(Change& change) {
  static const db::Statement statement(
      "UPDATE return_reason SET deleted_at = now() WHERE parent_return_reason_id = $1 AND deleted_at IS NULL");
  change.behind.push_back({statement, db::Params::of(change.id)});
}

http::Resource reasons(std::string_view path, http::Auth auth) {
  return http::Resource{.path = path,
                        .entity = "ReturnReason",
                        .one = "return_reason",
                        .many = "return_reasons",
                        .not_found = kNotFound,
                        .read = {.fields = {"id", "created_at", "updated_at", "deleted_at", "value", "label",
                                            "description", "parent_return_reason_id"},
                                 .relations = {"parent_return_reason", "return_reason_children"}},
                        .limit = 0,
                        .paged = http::Paged::bare,
                        .order = {{"created_at"}, {"id"}},
                        .auth = auth,
                        .prepare =
                            [](http::Context&, const query::Wanted&, query::Read& read) {
                              read.where.push_back({"parent_return_reason_id", query::Operator::is_null});
                            }}
      .list(QueryUse::ignored)
      .retrieve(QueryUse::ignored);
}

} // namespace

http::Routes reason_routes() {
  auto routes = reasons("/store/return-reasons", http::Auth::none).routes();
  const auto admin = reasons("/admin/return-reasons", http::Auth::admin)
                         .create({.body = {{{"value", Is::string},
                                            {"label", Is::string},
                                            {"parent_return_reason_id", Is::string, Presence::optional},
                                            {"description", Is::string, Presence::optional},
                                            {"metadata", Is::any, Presence::optional}}},
                                  .hook = refuse_double_nesting})
                         .update({.body = {{{"label", Is::string, Presence::optional},
                                            {"value", Is::string, Presence::optional},
                                            {"description", Is::string, Presence::optional},
                                            {"metadata", Is::any, Presence::optional}}}})
                         .remove({.object = "return_reason", .hook = remove_children})
                         .routes();
  routes.insert(routes.end(), admin.begin(), admin.end());
  return routes;
}

} // namespace commerce::returns
