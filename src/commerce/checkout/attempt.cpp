#include "commerce/checkout/attempt.hpp"
#include "base/ids.hpp"
#include "commerce/cart/state.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/catalogue/tables.hpp"
#include "commerce/checkout/swaps.hpp"
#include "commerce/customer/tables.hpp"
#include "commerce/discount/tables.hpp"
#include "commerce/gift_card/tables.hpp"
#include "commerce/order/made.hpp"
#include "commerce/payment/payments.hpp"
#include "commerce/payment/sessions.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/tax/rates.hpp"
#include "commerce/tax/service.hpp"
#include "commerce/totals/from_rows.hpp"
#include "commerce/values.hpp"
#include "db/batch.hpp"
#include "ports/payment_provider.hpp"
#include "query/row_of.hpp"
#include "query/sparse.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <set>

namespace commerce::checkout {

using base::Error;
using base::Json;
using query::RowOf;

namespace {

query::Tree load(ports::Call& call, std::string_view cart_id) {
  static const query::Selection selection = [] {
    auto made = query::select({}, {"items.adjustments", "items.variant", "items.tax_lines", "region", "discounts.rule",
                                   "gift_cards", "shipping_methods.tax_lines", "payment_sessions", "payment",
                                   "shipping_address", "customer"});
    made.with("items").with("variant").fields = {"product_id"};
    for (const std::string_view name : {"items", "region", "discounts"})
      made.child(name)->deleted = query::Deleted::included;
    made.with("items").child("variant")->deleted = query::Deleted::included;
    made.child("items")->order_by = "t.created_at ASC, t.id ASC";
    return made;
  }();
  auto tree = query::read_sparse(call.db(), call.flags,
                                 {.entity = &schema::get("Cart"), .selection = selection, .for_update = true}, cart_id);
  if (!tree.first()) throw Error::not_found("Cart with id: " + std::string(cart_id) + " was not found");
  return tree;
}

std::vector<stock::Wish> wishes_of(const RowOf<table::Cart>& cart) {
  std::vector<stock::Wish> wishes;
  for (const auto& item : cart.many<table::LineItem>("items"))
    if (!item.is_null("variant_id") && !item.boolean("is_return")) // 1.20 reserves what comes back, too
      wishes.push_back({item.str("variant_id"), item.integer("quantity"), item.str("id"),
                        stock::title_of(item.text("title"), item.text("description"))});
  return wishes;
}

Json error_json(const Error& error) {
  return base::JsonObject{{"message", error.what()}, {"type", base::error_type_name(error.type)}, {"code", error.code}};
}

std::string now_text() { return base::iso_time(base::now()); }

} // namespace

Outcome until_one_ends(const std::function<Outcome(Stock, const std::optional<Error>&)>& attempt) {
  Stock mode = Stock::take;
  std::optional<Error> refusal;
  constexpr int kMostAttempts = 5;
  for (int number = 1;; number++) {
    try {
      return attempt(mode, refusal);
    } catch (const GiveBack& give_back) {
      if (number == kMostAttempts) throw Error::conflict("The cart could not be completed; try again");
      refusal = give_back.refusal;
      mode = mode == Stock::take ? Stock::look : Stock::take;
    }
  }
}

Attempt::Attempt(ports::Call& call, std::string_view cart_id, const idempotency::Key& key, std::string_view ip,
                 Payer payer)
    : call_(call), key_(key), ip_(ip), payer_(payer), tree_(load(call, cart_id)), cart_(tree_.root->row(0)),
      id_(cart_id), made_(call.flags) {}

Outcome Attempt::run(Stock mode, const std::optional<Error>& refusal) {
  Outcome outcome = steps(mode, refusal);
  // What a shopper is shown of the order comes back with its writes. Nobody waits for others.
  if (outcome.made && payer_ == Payer::selected)
    outcome.order = order::read_made(call_, *outcome.made, writes_, made_);
  else
    for (auto& write : writes_.take()) call_.write_last(std::move(write));
  return outcome;
}

Outcome Attempt::steps(Stock mode, const std::optional<Error>& refusal) {
  // 1. A completed cart answers with what it became.
  if (!cart_.is_null("completed_at")) return {.has_order = !for_swap(), .has_swap = for_swap()};
  if (for_swap())
    if (auto ended = lock_swap()) return std::move(*ended);
  if (auto why = ended_discount()) return {.refusal = std::move(why), .discount_ended = true};
  // 2. tax_lines_created
  create_tax_lines();
  // 3. payment_authorized
  choose_session();
  if (auto ended = authorize_payment()) return std::move(*ended);
  // 4. Stock and discounts under lock: the last locks to be taken, since many carts want the same rows.
  const bool channels = call_.on(schema::Flag::sales_channels);
  stock::Sale sale(call_, wishes_of(cart_), channels ? cart_.optional_text("sales_channel_id") : std::nullopt,
                   swap_ && swap_->allow_backorder ? stock::Backorder::allowed : stock::Backorder::by_variant);
  const Facts facts = take(mode, refusal, sale);
  const auto [end, why] = decide(facts);
  switch (end) {
  case End::give_back: throw GiveBack{why};
  case End::has_order: return {.has_order = true};
  case End::out_of_stock: return out_of_stock(facts.out_of_stock);
  case End::refused: return refuse(*why);
  case End::finished: break;
  }
  // 5. finished
  sale.write();
  if (!swap_) return write_order();
  write_swap();
  return {.has_swap = true};
}

// Takes stock and counts discounts, or looks only; and learns whether somebody else has completed the cart.
Facts Attempt::take(Stock mode, const std::optional<Error>& refusal, stock::Sale& sale) {
  static const db::Statement find_order("SELECT 1 FROM \"order\" WHERE cart_id = $1");
  static const db::Statement find_draft("SELECT id, no_notification_order FROM draft_order WHERE cart_id = $1");
  static const db::Statement use_discounts(
      "WITH locked AS MATERIALIZED (SELECT id FROM discount WHERE id = ANY($1::text[]) AND (usage_limit IS NULL OR "
      "usage_count < usage_limit) ORDER BY id FOR NO KEY UPDATE) UPDATE discount d SET usage_count = usage_count + 1, "
      "updated_at = now() FROM locked l WHERE d.id = l.id RETURNING d.id");
  Facts facts{.mode = mode, .own_refusal = refusal_of_order(), .earlier = refusal};
  db::Batch batch;
  const auto order = batch.add({find_order, db::Params::of(id_)});
  const auto stocked = batch.add(sale.query(facts.takes() ? stock::Sale::Mode::take : stock::Sale::Mode::look));
  db::Batch::Slot counted;
  // A swap's discounts were counted with its order.
  const auto discounts = cart_.many<table::Discount>("discounts");
  if (facts.takes() && !swap_ && !discounts.empty())
    counted = batch.add({use_discounts, db::Params::of(ids_of(discounts))});
  if (is_draft()) draft_ = batch.add({find_draft, db::Params::of(id_)});
  batch.run(call_.db());
  facts.has_order = !order->empty();
  facts.out_of_stock = sale.refusals(*stocked);
  if (!counted) return facts;
  std::set<std::string_view> within_limit;
  for (int row = 0; row < counted->rows(); row++) within_limit.insert(counted->text(row, 0));
  for (const auto& discount : discounts)
    facts.discounts.push_back({discount.str("code"), within_limit.contains(discount.id())});
  return facts;
}

// Why a discount of the cart may no longer be used. Whose payment is authorized has been promised the price; a swap's are those
// of its order.
std::optional<Error> Attempt::ended_discount() const {
  if (swap_ || !cart_.is_null("payment_authorized_at")) return std::nullopt;
  for (const auto& discount : cart_.many<table::Discount>("discounts"))
    if (auto why = discount::ended(cart::discount_of(discount), base::now())) return why;
  return std::nullopt;
}

// Medusa 1.20: CartService.createTaxLines, and the totals that follow from them.
void Attempt::create_tax_lines() {
  const auto items = cart_.many<table::LineItem>("items");
  const auto methods = cart_.many<table::ShippingMethod>("shipping_methods");
  const auto region = cart_.one<table::Region>("region");
  if (!region) throw Error::not_found("Region with id: " + cart_.str("region_id") + " was not found");

  // 1. The rates of what is bought; the gift cards, locked.
  static const db::Statement lock_gift_cards(
      "SELECT id, balance, tax_rate FROM gift_card WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE");
  std::vector<std::string> products, options;
  for (const auto& item : items)
    if (const auto variant = item.one<table::ProductVariant>("variant")) products.push_back(variant->str("product_id"));
  for (const auto& method : methods) options.push_back(method.str("shipping_option_id"));
  const auto cards = totals::in_order_of_use(cart_.many<table::GiftCard>("gift_cards"));
  db::Batch batch;
  const auto product_rates = tax::ask_product_rates(batch, products);
  const auto option_rates = tax::ask_shipping_option_rates(batch, options);
  db::Batch::Slot balances, returned_lines;
  if (!cards.empty()) balances = batch.add({lock_gift_cards, db::Params::of(ids_of(cards))});
  if (swap_) returned_lines = batch.add(lines_of_returned(id_));
  batch.run(call_.db());

  // 2. The lines.
  tax::RegionRates rates;
  rates.region_id = region->str("id");
  rates.default_rate = region->number("tax_rate");
  tax::add_product_rates(rates, *product_rates);
  tax::add_shipping_option_rates(rates, *option_rates);
  lines_ = tax::provider_lines(
      call_, {*region, cart_.one<table::Address>("shipping_address"), cart_.one<table::Customer>("customer")}, items,
      methods, rates);

  // 3. The totals. Quirk: where a region doesn't tax automatically, what is paid has no tax, though the order does.
  const auto inclusive = totals::inclusive(call_.flags);
  auto cart = totals::cart_of(cart_, inclusive);
  const auto give_lines = [](auto& owners, const std::vector<tax::Line>& lines) {
    for (auto& owner : owners) {
      owner.tax_lines.emplace();
      for (const auto& line : lines)
        if (line.owner == owner.id) owner.tax_lines->push_back(line);
    }
  };
  give_lines(cart.items, lines_.of_items);
  give_lines(cart.shipping_methods, lines_.of_methods);
  if (swap_) give_returned_lines(cart.items, *returned_lines);
  cart.gift_cards.clear();
  for (const auto& card : cards)
    for (int row = 0; row < balances->rows(); row++)
      if (balances->text(row, 0) == card.id()) {
        GiftCardBalance balance{.id = card.str("id"), .balance = balances->integer(row, 1)};
        if (!balances->is_null(row, 2)) balance.tax_rate = balances->number(row, 2);
        cart.gift_cards.push_back({static_cast<double>(balance.balance), balance.tax_rate});
        gift_cards_.push_back(std::move(balance));
      }
  totals_ = totals::cart_totals(cart, totals::ForceTaxes::no, inclusive);
}

// What is paid by the system's own provider gets a session of it, at what is to be paid.
void Attempt::choose_session() {
  base::JsonArray rows;
  for (const auto& row : cart_.many<table::PaymentSession>("payment_sessions")) rows.push_back(query::row_value(row));
  payment::Sessions sessions(std::move(rows));
  if (payer_ == Payer::system) {
    ports::PaymentContext context;
    context.resource_id = id_;
    context.amount = base::round_amount(totals_.total);
    context.currency_code = cart_.one<table::Region>("region")->str("currency_code");
    context.email = cart_.optional_text("email");
    if (context.amount > 0)
      sessions.pay_by_system(call_, context);
    else
      sessions.set_all(call_, context, {}); // nothing is to be paid
    for (auto& write : sessions.writes()) call_.write_last(std::move(write));
    call_.emit("cart.updated", base::JsonObject{{"id", id_}});
  }
  sessions_ = sessions.rows();
}

const Json* Attempt::selected_session() const {
  for (const Json& session : sessions_)
    if (session["is_selected"].truthy()) return &session;
  return nullptr;
}

// Medusa 1.20: CartService.authorizePayment. An outcome ends the attempt.
std::optional<Outcome> Attempt::authorize_payment() {
  const Json* session = selected_session();
  std::string status = session ? (*session)["status"].as_string() : "";
  if (totals_.total <= 0) {
    cart_changes_.set("payment_authorized_at", now_text());
  } else {
    if (!session) return refuse(Error::not_allowed("You cannot complete a cart without a payment session."));
    authorize_session(*session);
    status = session_["status"].as_string();
  }
  if (status != "requires_more" && status != "pending") return std::nullopt;

  // The shopper has more to do: the cart as it is now.
  delete_tax_lines();
  write_payment_steps(nullptr);
  Json cart = query::row_value(cart_);
  for (const auto& change : cart_changes_.as_object()) cart.set(change.name, change.value);
  base::JsonArray sessions;
  Json shown_session;
  for (const Json& row : sessions_) {
    Json shown = row;
    if (&row == session) {
      if (session_.is_object())
        for (const auto& change : session_.as_object()) shown.set(change.name, change.value);
      shown_session = shown;
    }
    sessions.push_back(std::move(shown));
  }
  Json data = base::JsonObject{{"object", "cart"}};
  for (auto& member : cart.as_object()) data.set(member.name, std::move(member.value));
  data.set("payment_sessions", std::move(sessions));
  data.set("payment_session", std::move(shown_session));
  Json body = base::JsonObject{{"data", std::move(data)}, {"payment_status", status}, {"type", "cart"}};
  idempotency::Reply reply{200, body.dump()};
  idempotency::finish(call_, key_, reply);
  return Outcome{.reply = std::move(reply)};
}

// Medusa 1.20: PaymentProviderService.authorizePayment and createPayment. A payment that an earlier attempt has left
// is used again when it is the same; else it is given up.
void Attempt::authorize_session(const Json& session) {
  const std::string provider_id = session["provider_id"].as_string();
  const auto& provider = ports::payment_provider(provider_id);
  const auto authorization = provider.authorize(
      call_,
      {.session_id = session["id"].as_string(),
       .data = session["data"],
       .amount = base::round_amount(totals_.total),
       .context = base::JsonObject{{"ip_address", std::string(ip_)},
                                   {"cart_id", id_},
                                   {"idempotency_key", base::JsonObject{{"idempotency_key", key_.name},
                                                                        {"recovery_point", key_.recovery_point}}}}});
  session_ = base::JsonObject{{"id", session["id"]}, {"status", authorization.status}, {"data", authorization.data}};
  if (authorization.status != "authorized") return;
  const std::string now = now_text();
  session_.set("payment_authorized_at", now);
  cart_changes_.set("payment_authorized_at", now);

  const auto amount = base::round_amount(totals_.total);
  const auto left = cart_.one<table::Payment>("payment");
  const bool active = left && left->is_null("canceled_at");
  const std::string currency = cart_.one<table::Region>("region")->str("currency_code");
  Json data = provider.payment_data(call_, authorization.data);
  if (active && left->integer("amount") == amount && left->text("provider_id") == provider_id &&
      left->text("currency_code") == currency) {
    payment_ = base::JsonObject{{"id", left->str("id")}, {"data", std::move(data)}};
    return;
  }
  if (active) {
    const auto& old_provider = ports::payment_provider(left->text("provider_id"));
    old_payment_ = base::JsonObject{{"id", left->str("id")},
                                    {"data", old_provider.cancel(call_, payment::at_provider(*left))},
                                    {"canceled_at", now}};
  }
  payment_is_new_ = true;
  payment_ = base::JsonObject{{"id", call_.same_id("pay", "cart " + id_)},
                              {"cart_id", id_},
                              {"amount", amount},
                              {"currency_code", currency},
                              {"amount_refunded", 0},
                              {"provider_id", provider_id},
                              {"data", std::move(data)}};
  cart_changes_.set("payment_id", payment_["id"]);
}

// Medusa 1.20: the checks between stock and order, of the strategy and of OrderService.createFromCart.
std::optional<Error> Attempt::refusal_of_order() const {
  if (swap_) return refusal_of_swap();
  const auto invalid_argument = [](const char* sentence) { return Error(base::ErrorType::invalid_argument, sentence); };
  const bool paid = payment_.is_object();
  if (!paid && totals_.total > 0) return Error::invalid_data("Cart payment not authorized");
  if (cart_.many<table::LineItem>("items").empty()) return Error::invalid_data("Cannot create order from empty cart");
  if (cart_.is_null("customer_id"))
    return Error::invalid_data("Cannot create an order from the cart without a customer");
  if (totals_.total != 0) {
    if (!paid) return invalid_argument("Cart does not contain a payment method");
    const auto& provider = (*selected_session())["provider_id"].as_string();
    if (ports::payment_provider(provider).status(call_, payment_["data"]) != "authorized")
      return invalid_argument("Payment method is not authorized");
  }
  return std::nullopt;
}

// 409: the payment is canceled, the tax lines stay.
Outcome Attempt::out_of_stock(const std::vector<Error>& refusals) {
  const bool short_of =
      std::any_of(refusals.begin(), refusals.end(), [](const Error& e) { return e.code == "insufficient_inventory"; });
  if (!short_of) return refuse(refusals.front());
  if (payment_.is_object()) {
    const auto& provider = ports::payment_provider((*selected_session())["provider_id"].as_string());
    payment_.set("data",
                 provider.cancel(call_, {.id = payment_["id"].as_string(),
                                         .data = payment_["data"],
                                         .amount = base::round_amount(totals_.total),
                                         .currency_code = cart_.one<table::Region>("region")->str("currency_code")}));
    payment_.set("canceled_at", now_text());
  }
  cart_changes_.set("payment_authorized_at", nullptr);
  write_tax_lines();
  write_payment_steps(nullptr);
  base::JsonArray errors;
  for (const auto& error : refusals) errors.push_back(error_json(error));
  Json body = base::JsonObject{{"errors", std::move(errors)}};
  idempotency::Reply reply{409, body.dump()};
  idempotency::finish(call_, key_, reply);
  return {.reply = std::move(reply), .out_of_stock = refusals.front()};
}

// The payment steps stay, the tax lines go, the error follows the commit.
Outcome Attempt::refuse(Error error) {
  delete_tax_lines();
  const bool authorized = session_.is_object() || cart_changes_.size() > 0;
  write_payment_steps(nullptr);
  idempotency::advance(call_, key_, authorized ? "payment_authorized" : "tax_lines_created");
  return {.refusal = std::move(error)};
}

} // namespace commerce::checkout
