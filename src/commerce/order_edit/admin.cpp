#include "commerce/order_edit/items.hpp"
#include "commerce/order_edit/routes.hpp"
#include "commerce/order_edit/service.hpp"
#include "commerce/order_edit/view.hpp"
#include "commerce/values.hpp"

namespace commerce::order_edit {
namespace {

using base::Json;
using http::Context;
using http::Is;
using enum http::Presence;

const http::Rules kCreateRules{{{"order_id", Is::string},
                                {"internal_note", Is::string, optional},
                                {"created_by", Is::string, optional}}}; // Quirk: it is always who is logged in
const http::Rules kItemRules{
    .rows = {{"variant_id", Is::string}, {"quantity", Is::integer}, {"metadata", Is::any, optional}}, .of = "LineItem"};
const http::Rules kQuantityRules{.rows = {{"quantity", Is::number}}, .of = "LineItem"};
const http::Rules kRequestRules{{{"payment_collection_description", Is::string, optional}}};

void show(Context& context, std::string_view edit_id) { context.json(answer(context.call, Audience::admins, edit_id)); }

// Medusa 1.20: POST /admin/order-edits
void create_edit(Context& context) {
  const Json& body = context.body();
  show(context, create(context.call, body["order_id"].as_string(), optional_text(body["internal_note"]),
                       context.call.identity.user_id));
}

// Medusa 1.20: POST /admin/order-edits/:id/request
void request_confirmation(Context& context) {
  const auto& id = context.param("id");
  request(context.call, id, optional_text(context.body()["payment_collection_description"]),
          context.call.identity.user_id);
  show(context, id);
}

// Medusa 1.20: POST /admin/order-edits/:id/confirm
void confirm_edit(Context& context) {
  confirm(context.call, context.param("id"), context.call.identity.user_id);
  show(context, context.param("id"));
}

// Medusa 1.20: POST /admin/order-edits/:id/cancel
void cancel_edit(Context& context) {
  cancel(context.call, context.param("id"), context.call.identity.user_id);
  show(context, context.param("id"));
}

// Medusa 1.20: POST /admin/order-edits/:id/items
void add(Context& context) {
  const Json& body = context.body();
  add_item(context.call, context.param("id"),
           {body["variant_id"].as_string(), body["quantity"].as_int(), body["metadata"]});
  show(context, context.param("id"));
}

// Medusa 1.20: POST /admin/order-edits/:id/items/:item_id
void update(Context& context) {
  update_item(context.call, context.param("id"), context.param("item_id"), context.body()["quantity"].as_int());
  show(context, context.param("id"));
}

// Medusa 1.20: DELETE /admin/order-edits/:id/items/:item_id
void remove(Context& context) {
  remove_item(context.call, context.param("id"), context.param("item_id"));
  show(context, context.param("id"));
}

// Medusa 1.20: DELETE /admin/order-edits/:id/changes/:change_id
void revert(Context& context) {
  const auto& change_id = context.param("change_id");
  revert_change(context.call, context.param("id"), change_id);
  context.json(base::JsonObject{{"id", change_id}, {"object", "item_change"}, {"deleted", true}});
}

} // namespace

http::Routes admin_operations() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  return {{post, "/admin/order-edits", create_edit, admin, nullptr, &kCreateRules},
          {post, "/admin/order-edits/:id/cancel", cancel_edit, admin},
          {post, "/admin/order-edits/:id/items", add, admin, nullptr, &kItemRules},
          {post, "/admin/order-edits/:id/confirm", confirm_edit, admin},
          {del, "/admin/order-edits/:id/changes/:change_id", revert, admin},
          {post, "/admin/order-edits/:id/request", request_confirmation, admin, nullptr, &kRequestRules},
          {post, "/admin/order-edits/:id/items/:item_id", update, admin, nullptr, &kQuantityRules},
          {del, "/admin/order-edits/:id/items/:item_id", remove, admin}};
}

} // namespace commerce::order_edit
