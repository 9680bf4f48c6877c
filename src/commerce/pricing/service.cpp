#include "commerce/pricing/service.hpp"
#include "base/error.hpp"
#include "commerce/tax/rates.hpp"
#include "db/batch.hpp"
#include "db/kept_rows.hpp"
#include "query/row_of.hpp"

namespace commerce::pricing {
namespace {

// The columns of a candidate, in the order of `Column`.
constexpr std::string_view kColumns =
    "x.variant_id, ma.id, ma.created_at, ma.updated_at, ma.deleted_at, ma.currency_code, ma.amount, ma.min_quantity, "
    "ma.max_quantity, ma.price_list_id, ma.region_id, pl.id, pl.created_at, pl.updated_at, pl.deleted_at, pl.name, "
    "pl.description, pl.type, pl.status, pl.starts_at, pl.ends_at";
enum Column {
  variant_id,
  id,
  created_at,
  updated_at,
  deleted_at,
  currency_code,
  amount,
  min_quantity,
  max_quantity,
  price_list_id,
  region_id,
  list_id,
  list_created_at,
  list_updated_at,
  list_deleted_at,
  list_name,
  list_description,
  list_type,
  list_status,
  list_starts_at,
  list_ends_at,
  list_restricted,
  list_includes_tax,
  currency_includes_tax,
  region_includes_tax
};

// The prices of variants, all that hang on a list that may be in force or on none.
std::string candidates_sql(tax::Inclusive inclusive) {
  std::string sql = "SELECT " + std::string(kColumns) +
                    ", EXISTS (SELECT 1 FROM price_list_customer_groups g WHERE g.price_list_id = pl.id)";
  if (inclusive == tax::Inclusive::on) sql += ", pl.includes_tax, c.includes_tax, r.includes_tax";
  sql += " FROM product_variant_money_amount x JOIN money_amount ma ON ma.id = x.money_amount_id AND ma.deleted_at IS "
         "NULL LEFT JOIN price_list pl ON pl.id = ma.price_list_id AND pl.deleted_at IS NULL";
  if (inclusive == tax::Inclusive::on)
    sql += " LEFT JOIN currency c ON c.code = ma.currency_code LEFT JOIN region r ON r.id = ma.region_id";
  return sql + " WHERE x.variant_id = ANY($1) AND (ma.price_list_id IS NULL OR pl.status = 'active')";
}

// For those who are logged in: also what is for groups of theirs, which nobody else's candidates hold.
db::Command candidates_of(const std::vector<std::string>& variants, const std::string& customer,
                          tax::Inclusive inclusive) {
  return {
      db::Statement(candidates_sql(inclusive) +
                    " AND (ma.price_list_id IS NULL OR NOT EXISTS (SELECT 1 FROM price_list_customer_groups g WHERE "
                    "g.price_list_id = pl.id) OR EXISTS (SELECT 1 FROM price_list_customer_groups g JOIN "
                    "customer_group_customers m ON m.customer_group_id = g.customer_group_id WHERE g.price_list_id = "
                    "pl.id AND m.customer_id = $2))"),
      db::Params::of(variants, customer)};
}

// For everybody else they are the same, and kept.
const db::Kept& shared_candidates(tax::Inclusive inclusive) {
  const auto kept = [](tax::Inclusive how) {
    db::Kept question{db::Statement(candidates_sql(how)),
                      variant_id,
                      {{"product_variant_money_amount", "variant_id"},
                       {"money_amount", ""},
                       {"price_list", ""},
                       {"price_list_customer_groups", ""}}};
    if (how == tax::Inclusive::on) {
      question.sources.push_back({"currency", ""});
      question.sources.push_back({"region", ""});
    }
    return question;
  };
  static const db::Kept plain = kept(tax::Inclusive::off), inclusive_ones = kept(tax::Inclusive::on);
  return inclusive == tax::Inclusive::on ? inclusive_ones : plain;
}

// Medusa 1.20: MoneyAmountRepository.findManyForVariantsInRegion: which of the candidates count for who asks, now.
bool counts(const db::Result& rows, int row, const Asked& asked, base::Instant now) {
  // 1. A list must be in force. One for groups is for their members only, who have asked for it themselves.
  if (!rows.is_null(row, price_list_id)) {
    if (rows.is_null(row, list_id) || (rows.boolean(row, list_restricted) && !asked.customer_id)) return false;
    const auto at = [&](Column column) { return base::parse_postgres_time(rows.text(row, column)); };
    if (!rows.is_null(row, list_ends_at) && at(list_ends_at) <= now) return false;
    if (!rows.is_null(row, list_starts_at) && at(list_starts_at) >= now) return false;
  }
  // 2. The region's own, or of its currency and no region's.
  if (asked.region_id)
    return rows.text(row, region_id) == *asked.region_id ||
           (rows.is_null(row, region_id) && rows.text(row, currency_code) == asked.currency_code.value_or(""));
  if (asked.currency_code) return rows.text(row, currency_code) == *asked.currency_code;
  return asked.customer_id || asked.include_discount_prices || rows.is_null(row, list_id);
}

PriceType price_type(std::string_view name) { return name == "override" ? PriceType::override_price : PriceType::sale; }

Price price_of(const db::Result& rows, int row, tax::Inclusive inclusive) {
  Price price;
  price.id = std::string(rows.text(row, id));
  price.amount = rows.integer(row, amount);
  price.currency_code = std::string(rows.text(row, currency_code));
  price.region_id = rows.optional_text(row, region_id);
  price.min_quantity = rows.optional_integer(row, min_quantity);
  price.max_quantity = rows.optional_integer(row, max_quantity);
  const bool taxes = inclusive == tax::Inclusive::on;
  if (!rows.is_null(row, list_id)) {
    price.price_list.emplace();
    price.price_list->id = std::string(rows.text(row, list_id));
    price.price_list->type = price_type(rows.text(row, list_type));
    if (taxes) price.price_list->includes_tax = rows.boolean(row, list_includes_tax);
  }
  if (taxes) {
    price.currency_includes_tax = rows.boolean(row, currency_includes_tax);
    price.region_includes_tax = rows.boolean(row, region_includes_tax);
  }
  price.row = static_cast<std::size_t>(row);
  return price;
}

class PriceWriter {
 public:
  PriceWriter(const db::Result& rows, base::JsonWriter& w) : rows_(rows), w_(w) {}

  void write(int row, tax::Inclusive inclusive) {
    w_.open_object();
    text(row, "id", id);
    times(row, created_at);
    text(row, "currency_code", currency_code);
    raw(row, "amount", amount);
    raw(row, "min_quantity", min_quantity);
    raw(row, "max_quantity", max_quantity);
    text(row, "price_list_id", price_list_id);
    text(row, "region_id", region_id);
    w_.key("price_list");
    if (rows_.is_null(row, list_id))
      w_.null();
    else
      write_list(row, inclusive);
    text(row, "variant_id", variant_id);
    w_.close_object();
  }

 private:
  void write_list(int row, tax::Inclusive inclusive) {
    w_.open_object();
    text(row, "id", list_id);
    times(row, list_created_at);
    text(row, "name", list_name);
    text(row, "description", list_description);
    text(row, "type", list_type);
    text(row, "status", list_status);
    time(row, "starts_at", list_starts_at);
    time(row, "ends_at", list_ends_at);
    if (inclusive == tax::Inclusive::on) w_.key("includes_tax").boolean(rows_.boolean(row, list_includes_tax));
    w_.close_object();
  }
  // created_at, updated_at and deleted_at stand together.
  void times(int row, int first) {
    time(row, "created_at", first);
    time(row, "updated_at", first + 1);
    time(row, "deleted_at", first + 2);
  }
  void time(int row, std::string_view name, int column) {
    w_.key(name);
    if (rows_.is_null(row, column)) {
      w_.null();
      return;
    }
    w_.raw("\"");
    base::append_iso_from_postgres(w_.out(), rows_.text(row, column));
    w_.out() += '"';
  }
  void text(int row, std::string_view name, int column) {
    w_.key(name);
    rows_.is_null(row, column) ? w_.null() : w_.string(rows_.text(row, column));
  }
  void raw(int row, std::string_view name, int column) {
    w_.key(name).raw(rows_.is_null(row, column) ? "null" : rows_.text(row, column));
  }
  const db::Result& rows_;
  base::JsonWriter& w_;
};

std::string rates_json(const std::vector<tax::Rate>& rates) {
  std::string out;
  base::JsonWriter w(out);
  w.open_array();
  for (const auto& rate : rates) {
    if (!rate.row_json.empty()) {
      w.raw(rate.row_json);
      continue;
    }
    w.open_object().key("rate");
    rate.rate ? w.number(*rate.rate) : w.null();
    w.key("name").string(rate.name).key("code");
    rate.code ? w.string(*rate.code) : w.null();
    w.close_object();
  }
  w.close_array();
  return out;
}

std::vector<std::string> products_of(const std::vector<PricedVariant>& variants) {
  std::vector<std::string> ids;
  for (const auto& variant : variants) ids.push_back(variant.product_id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

template<class T> base::Json json_of(const std::optional<T>& v) { return v ? base::Json(*v) : base::Json(nullptr); }

} // namespace

VariantPrices VariantPrices::load(ports::Call& call, const Asked& asked, const std::vector<PricedVariant>& variants,
                                  Taxes taxes) {
  VariantPrices prices;
  prices.asked_ = asked;
  if (call.on(schema::Flag::tax_inclusive_pricing)) prices.inclusive_ = tax::Inclusive::on;
  std::vector<std::string> ids;
  for (const auto& variant : variants) {
    ids.push_back(variant.id);
    prices.product_of_[variant.id] = variant.product_id;
  }
  db::Batch batch;
  db::Batch::Slot region, product_rates;
  prices.rows_ = asked.customer_id ? batch.add(candidates_of(ids, *asked.customer_id, prices.inclusive_))
                                   : batch.add(shared_candidates(prices.inclusive_), ids);
  if (asked.region_id) region = tax::ask_regions(batch, {*asked.region_id});
  const bool with_rates = asked.region_id && (prices.inclusive_ == tax::Inclusive::on || taxes == Taxes::shown);
  if (with_rates) product_rates = tax::ask_product_rates(batch, products_of(variants));
  batch.run(call.db());
  if (region) {
    prices.region_ = tax::region_facts(*region);
    if (!prices.region_) throw base::Error::not_found("Region with " + *asked.region_id + " was not found");
    prices.asked_.currency_code = prices.region_->currency_code;
    if (with_rates) {
      prices.rates_ = tax::RegionRates{.region_id = prices.region_->id,
                                       .default_rate = prices.region_->tax_rate,
                                       .of_product = {},
                                       .of_shipping_option = {}};
      tax::add_product_rates(*prices.rates_, *product_rates);
    }
  }
  const auto now = base::now();
  for (int row = 0; row < prices.rows_->rows(); row++)
    if (counts(*prices.rows_, row, prices.asked_, now))
      prices.by_variant_[std::string(prices.rows_->text(row, variant_id))].push_back(
          price_of(*prices.rows_, row, prices.inclusive_));
  return prices;
}

const std::vector<Price>& VariantPrices::of(std::string_view variant) const {
  static const std::vector<Price> none;
  const auto found = by_variant_.find(variant);
  return found == by_variant_.end() ? none : found->second;
}

std::optional<std::vector<tax::Rate>> VariantPrices::rates(std::string_view variant) const {
  if (!rates_) return std::nullopt;
  const auto product = product_of_.find(variant);
  return rates_->for_product(product == product_of_.end() ? std::string_view() : product->second);
}

Selection VariantPrices::select(std::string_view variant, std::optional<double> quantity) const {
  Context context;
  context.region_id = asked_.region_id;
  context.currency_code = asked_.currency_code;
  context.customer_id = asked_.customer_id;
  context.quantity = quantity;
  context.include_discount_prices = asked_.include_discount_prices;
  if (inclusive_ == tax::Inclusive::on) context.tax_rates = rates(variant);
  return pricing::select(of(variant), context, inclusive_);
}

std::string VariantPrices::json(std::string_view variant) const {
  std::string out;
  base::JsonWriter w(out);
  PriceWriter writer(*rows_, w);
  w.open_array();
  for (const auto& price : of(variant)) writer.write(static_cast<int>(price.row), inclusive_);
  w.close_array();
  return out;
}

std::vector<std::string> decorate_variants(ports::Call& call, const Asked& asked,
                                           const std::vector<query::RowOf<table::ProductVariant>>& variants) {
  std::vector<PricedVariant> priced;
  std::vector<std::string> without;
  for (const auto& variant : variants) priced.push_back({variant.str("id"), variant.str("product_id")});
  if (priced.empty()) return without;
  const auto prices = VariantPrices::load(call, asked, priced, Taxes::shown);
  const bool inclusive = call.on(schema::Flag::tax_inclusive_pricing);
  const bool taxed = prices.region() && prices.region()->automatic_taxes;

  for (const auto& row : variants) {
    const auto id = row.id();
    if (prices.of(id).empty()) {
      without.emplace_back(id);
      continue;
    }
    const auto selected = prices.select(id, {});
    const auto rates = taxed ? prices.rates(id) : std::nullopt;
    TaxedPrices taxes;
    if (taxed) taxes = tax_prices(selected, *rates, inclusive ? tax::Inclusive::on : tax::Inclusive::off);
    row.compute("prices", prices.json(id));
    row.compute("original_price", json_of(selected.original_price));
    row.compute("calculated_price", json_of(selected.calculated_price));
    if (selected.calculated_price_type)
      row.compute("calculated_price_type", base::Json(price_type_name(*selected.calculated_price_type)));
    if (inclusive) {
      row.compute("original_price_includes_tax", json_of(selected.original_includes_tax));
      row.compute("calculated_price_includes_tax", json_of(selected.calculated_includes_tax));
    }
    row.compute("original_price_incl_tax", json_of(taxes.original_incl_tax));
    row.compute("calculated_price_incl_tax", json_of(taxes.calculated_incl_tax));
    row.compute("original_tax", json_of(taxes.original_tax));
    row.compute("calculated_tax", json_of(taxes.calculated_tax));
    row.compute("tax_rates", taxed ? rates_json(*rates) : std::string("null"));
  }
  return without;
}

void prices_changed(ports::Call& call, const std::vector<std::string>& variant_ids) {
  // Each key is held against each pattern; beyond that, what others have to compute again costs less.
  constexpr std::size_t kMostPatterns = 100;
  if (variant_ids.size() > kMostPatterns) return prices_changed(call);
  for (const auto& id : variant_ids) call.invalidate("ps:" + id + ":*");
}
void prices_changed(ports::Call& call) { call.invalidate("ps:*"); }

} // namespace commerce::pricing
