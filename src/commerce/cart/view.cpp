#include "commerce/cart/view.hpp"
#include "base/error.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/customer/tables.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/stock/availability.hpp"
#include "commerce/storefront.hpp"
#include "commerce/tax/service.hpp"
#include "commerce/totals/from_rows.hpp"
#include "query/row_of.hpp"
#include "query/sparse.hpp"
#include <algorithm>
#include <span>

namespace commerce::cart {

using base::Json;

namespace {

std::vector<tax::Line> lines_of(const std::vector<tax::Line>& all, std::string_view owner) {
  std::vector<tax::Line> lines;
  for (const auto& line : all)
    if (line.owner == owner) lines.push_back(line);
  return lines;
}

Json json_of(const std::vector<tax::Line>& lines, const char* owner) {
  base::JsonArray all;
  for (const auto& line : lines)
    all.emplace_back(
        base::JsonObject{{"rate", line.rate}, {"name", line.name}, {"code", line.code}, {owner, line.owner}});
  return all;
}

template<class Target>
Json object_or_null(const query::RowOf<table::Cart>& cart, query::RelationTo<table::Cart, Target> relation) {
  const auto rows = cart.many_if_loaded<Target>(relation);
  return rows.empty() ? Json(nullptr) : query::row_value(rows.front());
}

struct Sum {
  std::string_view name;
  double totals::CartTotals::*value;
};
using Sums = totals::CartTotals;
constexpr Sum kSums[]{{"subtotal", &Sums::subtotal},
                      {"discount_total", &Sums::discount_total},
                      {"item_tax_total", &Sums::item_tax_total},
                      {"shipping_total", &Sums::shipping_total},
                      {"shipping_tax_total", &Sums::shipping_tax_total},
                      {"tax_total", &Sums::tax_total},
                      {"raw_discount_total", &Sums::raw_discount_total},
                      {"gift_card_total", &Sums::gift_card_total},
                      {"gift_card_tax_total", &Sums::gift_card_tax_total},
                      {"total", &Sums::total}};
constexpr Sum kNamedSums[]{{"subtotal", &Sums::subtotal},
                           {"tax_total", &Sums::tax_total},
                           {"shipping_total", &Sums::shipping_total},
                           {"discount_total", &Sums::discount_total},
                           {"gift_card_total", &Sums::gift_card_total},
                           {"gift_card_tax_total", &Sums::gift_card_tax_total},
                           {"total", &Sums::total}};
// A sum that is shown already keeps its place.
void show_sums(const query::RowOf<table::Cart>& cart, const Sums& sums, std::span<const Sum> which, View::Raw raw) {
  for (const auto& [name, value] : which)
    cart.compute(name,
                 raw == View::Raw::hidden && name == "raw_discount_total" ? std::string() : Json(sums.*value).dump());
}

std::string with_object(const query::RowOf<table::Cart>& cart) {
  std::string out = R"({"object":"cart",)";
  out.append(query::row_json(cart), 1);
  return out;
}

} // namespace

std::vector<std::string> totals_relations() {
  return {"items.variant.product.profiles", "items.tax_lines",  "items.adjustments", "gift_cards", "discounts.rule",
          "shipping_methods.tax_lines",     "shipping_address", "region.tax_rates"};
}

std::vector<std::string> shown_relations() {
  return {"gift_cards",
          "region",
          "items",
          "items.variant",
          "items.adjustments",
          "payment",
          "shipping_address",
          "billing_address",
          "region.countries",
          "region.payment_providers",
          "shipping_methods",
          "payment_sessions",
          "shipping_methods.shipping_option",
          "discounts",
          "discounts.rule",
          "sales_channel"};
}

query::Selection shown(std::vector<std::string> relations) {
  for (auto& needed : totals_relations()) relations.push_back(std::move(needed));
  std::sort(relations.begin(), relations.end());
  auto selection = query::select({}, relations);
  selection.child("items")->order_by = "t.created_at ASC, t.id ASC";
  selection.child("shipping_methods")->order_by = "t.id ASC";
  if (auto* sessions = selection.child("payment_sessions")) sessions->order_by = "t.created_at ASC, t.id ASC";
  return selection;
}

query::Selection with_named_totals(std::vector<std::string> relations) {
  for (const char* needed :
       {"items.tax_lines", "gift_cards", "discounts.rule", "shipping_methods", "shipping_address", "region.tax_rates"})
    relations.emplace_back(needed);
  std::sort(relations.begin(), relations.end());
  auto selection = query::select({}, relations);
  selection.child("items")->order_by = "t.created_at ASC, t.id ASC";
  return selection;
}

const query::Selection& default_view() {
  static const query::Selection selection = shown(shown_relations());
  return selection;
}

const query::Selection& view_with_customer() {
  static const query::Selection selection = [] {
    auto relations = shown_relations();
    relations.emplace_back("customer");
    return shown(std::move(relations));
  }();
  return selection;
}

View::View(ports::Call& call, query::Tree tree, std::string_view id) : call_(&call), tree_(std::move(tree)) {
  if (!tree_.root->size()) throw base::Error::not_found("Cart with " + std::string(id) + " was not found");
  load_rates();
  std::vector<query::Row> variants;
  for (const auto& item : row().many<table::LineItem>("items"))
    if (const auto variant = item.one<table::ProductVariant>("variant")) variants.push_back(*variant);
  stock::add_availability_in_cart(call, variants, row().str("id"));
}

View View::read(ports::Call& call, std::string_view id, const query::Selection& selection,
                std::vector<db::Command> before) {
  const query::Read read{.entity = &schema::get("Cart"), .selection = selection};
  db::Batch ahead(std::move(before));
  return {call, query::read_sparse(call.db(), call.flags, read, id, ahead), id};
}

View View::read(ports::Call& call, std::string_view id, const query::Selection& selection, db::Batch& before,
                query::InHand& in_hand) {
  const query::Read read{.entity = &schema::get("Cart"), .selection = selection};
  return {call, query::read_one(call.db(), call.flags, read, id, before, in_hand), id};
}

View View::of(State& state, const query::Selection& selection) {
  db::Batch writes;
  auto in_hand = state.write(writes);
  return read(*state.call, state.id(), selection, writes, in_hand);
}

View View::lock(ports::Call& call, std::string_view id, const query::Selection& selection) {
  const query::Read read{.entity = &schema::get("Cart"), .selection = selection, .for_update = true};
  return {call, query::read_sparse(call.db(), call.flags, read, id), id};
}

// A region without rates of its own taxes all by its default rate; then there is nothing to ask.
void View::load_rates() {
  const auto cart = row();
  const auto region = cart.one<table::Region>("region");
  if (!region) return;
  rates_ = tax::rates_for(*call_, *region, cart.many<table::LineItem>("items"),
                          cart.many<table::ShippingMethod>("shipping_methods"));
}

bool View::taxed(totals::ForceTaxes force) const {
  const auto region = row().one<table::Region>("region");
  return force == totals::ForceTaxes::yes || (region && region->boolean("automatic_taxes"));
}

totals::Cart View::to_total(totals::ForceTaxes force) const {
  const auto cart = row();
  auto to_total = totals::cart_of(cart, totals::inclusive(call_->flags));
  if (!taxed(force)) return to_total;
  // The lines of the provider take the place of those that are stored.
  const auto region = cart.one<table::Region>("region");
  if (!region) return to_total;
  const tax::Context context{*region,
                             cart.has("shipping_address") ? cart.one<table::Address>("shipping_address") : std::nullopt,
                             cart.has("customer") ? cart.one<table::Customer>("customer") : std::nullopt};
  const auto provided = tax::provider_lines(*call_, context, cart.many<table::LineItem>("items"),
                                            cart.many<table::ShippingMethod>("shipping_methods"), rates_);
  for (auto& item : to_total.items)
    if (!item.is_return) item.tax_lines = lines_of(provided.of_items, item.id);
  for (auto& method : to_total.shipping_methods) method.tax_lines = lines_of(provided.of_methods, method.id);
  return to_total;
}

totals::CartTotals View::totals(totals::ForceTaxes force) const {
  return totals::cart_totals(to_total(force), force, totals::inclusive(call_->flags));
}

// Only providers that tell somebody about the customer are worth the question.
Json View::customer() const {
  const auto cart = row();
  bool wanted = false;
  for (const auto& id : payment_providers())
    if (const auto* provider = ports::find_payment_provider(id)) wanted = wanted || provider->looks_at_customer();
  if (!wanted || cart.is_null("customer_id")) return nullptr;
  const query::Read read{.entity = &schema::get("Customer")};
  const auto tree = query::read_one(call_->db(), call_->flags, read, cart.text("customer_id"));
  return tree.root->size() ? query::row_value(*tree.first()) : Json(nullptr);
}

ports::PaymentContext View::payment_context(double amount) const {
  const auto cart = row();
  ports::PaymentContext context;
  context.resource_id = cart.str("id");
  context.amount = base::round_amount(amount);
  if (const auto region = cart.one<table::Region>("region")) context.currency_code = region->str("currency_code");
  const auto email = cart.optional_text("email");
  context.email = email;
  context.customer = cart.has("customer") ? object_or_null<table::Customer>(cart, "customer") : customer();
  context.billing_address = object_or_null<table::Address>(cart, "billing_address");
  context.context = cart.json("context");
  return context;
}

std::vector<std::string> View::payment_providers() const {
  std::vector<std::string> providers;
  if (const auto region = row().one<table::Region>("region"))
    for (const auto& provider : region->many<table::PaymentProvider>("payment_providers"))
      providers.push_back(provider.str("id"));
  return providers;
}

payment::Sessions View::sessions() const {
  base::JsonArray values;
  for (const auto& session : row().many<table::PaymentSession>("payment_sessions"))
    values.push_back(query::row_value(session));
  return payment::Sessions(std::move(values));
}

void View::put(const payment::Sessions& sessions) {
  for (auto& write : sessions.writes()) call_->write_last(std::move(write));
  sessions_json_ = Json(sessions.rows()).dump();
  session_json_ = sessions.selected() ? sessions.selected()->dump() : std::string();
}

void View::sync_sessions(totals::ForceTaxes force) {
  auto changed = sessions();
  if (changed.empty()) return;
  changed.set_all(*call_, payment_context(totals(force).total), payment_providers());
  put(changed);
}

std::string View::named_totals_json() const {
  show_sums(row(), totals(totals::ForceTaxes::no), kNamedSums, Raw::hidden);
  return with_object(row());
}

std::string View::json(totals::ForceTaxes force, Raw raw, Style style) const {
  const auto cart = row();
  hide_customer(*call_, cart);
  const auto to_total = this->to_total(force);
  const auto sums = totals::cart_totals(to_total, force, totals::inclusive(call_->flags));
  const auto items = cart.many<table::LineItem>("items");
  for (std::size_t i = 0; i < items.size(); i++) {
    const auto& t = sums.items[i];
    if (taxed(force) && !to_total.items[i].is_return)
      items[i].compute("tax_lines", json_of(*to_total.items[i].tax_lines, "item_id"));
    items[i].compute("subtotal", Json(t.subtotal));
    items[i].compute("discount_total", Json(t.discount_total));
    items[i].compute("total", Json(t.total));
    items[i].compute("original_total", Json(t.original_total));
    items[i].compute("original_tax_total", Json(t.original_tax_total));
    items[i].compute("tax_total", Json(t.tax_total));
    items[i].compute("raw_discount_total", Json(t.raw_discount_total));
    // Medusa 1.20: Product.loadRelations. The first profile is the product's.
    if (const auto variant = items[i].one<table::ProductVariant>("variant"))
      if (const auto product = variant->one<table::Product>("product"))
        if (const auto profile = product->one<table::ShippingProfile>("profiles")) {
          product->compute("profile", query::row_json(*profile));
          product->compute("profile_id", Json(profile->id()));
        }
  }
  const auto methods = cart.many<table::ShippingMethod>("shipping_methods");
  for (std::size_t i = 0; i < methods.size(); i++) {
    const auto& t = sums.shipping_methods[i];
    if (taxed(force))
      methods[i].compute("tax_lines", json_of(*to_total.shipping_methods[i].tax_lines, "shipping_method_id"));
    methods[i].compute("original_total", Json(t.original_total));
    methods[i].compute("total", Json(t.total));
    methods[i].compute("subtotal", Json(t.subtotal));
    methods[i].compute("original_tax_total", Json(t.original_tax_total));
    methods[i].compute("tax_total", Json(t.tax_total));
  }
  if (sessions_json_) {
    cart.compute("payment_sessions", *sessions_json_);
    cart.compute_behind("payment_sessions", "payment_session", *session_json_);
  } else if (cart.has("payment_sessions")) {
    for (const auto& session : cart.many<table::PaymentSession>("payment_sessions"))
      if (session.boolean("is_selected"))
        cart.compute_behind(style == Style::usual ? "payment_sessions" : "", "payment_session",
                            query::row_json(session));
  }
  if (style == Style::by_name) show_sums(cart, sums, kNamedSums, raw);
  show_sums(cart, sums, kSums, raw);
  return with_object(cart);
}

} // namespace commerce::cart
