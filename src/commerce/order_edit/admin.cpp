#include "commerce/order_edit/items.hpp"
#include "commerce/order_edit/routes.hpp"
#include "commerce/order_edit/service.hpp"
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

// Changes an edit, and answers with it behind the change.
template<class Change> void changed(Context& context, Change&& change) {
  context.json(context.call.atomic([&] { return answer(context.call, Audience::admins, change()); }));
}

// Medusa 1.20: POST /admin/order-edits
void create_edit(Context& context) {
  const Json& body = context.body();
  changed(context, [&] {
    return create(context.call, body["order_id"].as_string(), optional_text(body["internal_note"]),
                  context.call.identity.user_id);
  });
}

// Medusa 1.20: POST /admin/order-edits/:id/request
void request_confirmation(Context& context) {
  changed(context, [&] {
    return request(context.call, context.param("id"), optional_text(context.body()["payment_collection_description"]),
                   context.call.identity.user_id);
  });
}

// Medusa 1.20: POST /admin/order-edits/:id/confirm
void confirm_edit(Context& context) {
  changed(context, [&] { return confirm(context.call, context.param("id"), context.call.identity.user_id); });
}

// Medusa 1.20: POST /admin/order-edits/:id/cancel
void cancel_edit(Context& context) {
  changed(context, [&] { return cancel(context.call, context.param("id"), context.call.identity.user_id); });
}

// Medusa 1.20: POST /admin/order-edits/:id/items
void add(Context& context) {
  const Json& body = context.body();
  changed(context, [&] {
    return add_item(context.call, context.param("id"),
                    {body["variant_id"].as_string(), body["quantity"].as_int(), body["metadata"]});
  });
}

// Medusa 1.20: POST /admin/order-edits/:id/items/:item_id
void update(Context& context) {
  changed(context, [&] {
    return update_item(context.call, context.param("id"), context.param("item_id"),
                       context.body()["quantity"].as_int());
  });
}

// Medusa 1.20: DELETE /admin/order-edits/:id/items/:item_id
void remove(Context& context) {
  changed(context, [&] { return remove_item(context.call, context.param("id"), context.param("item_id")); });
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
