// Medusa 1.20: strategies/batch-jobs/order
#include "base/csv.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include "commerce/batch_job/export_file.hpp"
#include "commerce/batch_job/export_pages.hpp"
#include "commerce/batch_job/strategies.hpp"
#include "commerce/order/filters.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/order/view.hpp"
#include "query/row_of.hpp"
#include <algorithm>

namespace commerce::batch_job {
namespace {

using base::Json;
using ports::BatchJobRun;
using ports::Call;
using Names = std::vector<std::string>;

// Columns that come and go together: with a field of the order, or with a relation, whose members they show.
struct Group {
  std::string_view field;
  struct Column {
    std::string_view heading, member;
  };
  std::vector<Column> columns;
};
const std::vector<Group>& groups() {
  static const std::vector<Group> all{
      {"id", {{"Order_ID", "id"}}},
      {"display_id", {{"Display_ID", "display_id"}}},
      {"status", {{"Order status", "status"}}},
      {"created_at", {{"Date", "created_at"}}},
      {"customer",
       {{"Customer First name", "first_name"},
        {"Customer Last name", "last_name"},
        {"Customer Email", "email"},
        {"Customer ID", "id"}}},
      {"shipping_address",
       {{"Shipping Address 1", "address_1"},
        {"Shipping Address 2", "address_2"},
        {"Shipping Country Code", "country_code"},
        {"Shipping City", "city"},
        {"Shipping Postal Code", "postal_code"},
        {"Shipping Region ID", "region_id"}}}, // the order's own
      {"fulfillment_status", {{"Fulfillment Status", "fulfillment_status"}}},
      {"payment_status", {{"Payment Status", "payment_status"}}},
      {"subtotal", {{"Subtotal", "subtotal"}}},
      {"shipping_total", {{"Shipping Total", "shipping_total"}}},
      {"discount_total", {{"Discount Total", "discount_total"}}},
      {"gift_card_total", {{"Gift Card Total", "gift_card_total"}}},
      {"refunded_total", {{"Refunded Total", "refunded_total"}}},
      {"tax_total", {{"Tax Total", "tax_total"}}},
      {"total", {{"Total", "total"}}},
      {"currency_code", {{"Currency Code", "currency_code"}}},
      {"sales_channel", {{"Sales channel name", "name"}, {"Sales channel description", "description"}}}};
  return all;
}
constexpr std::string_view kRelations[] = {"customer", "shipping_address", "sales_channel"};
bool is_relation(std::string_view field) {
  return std::find(std::begin(kRelations), std::end(kRelations), field) != std::end(kRelations);
}
constexpr std::string_view kTotals[] = {"subtotal",       "shipping_total", "discount_total", "gift_card_total",
                                        "refunded_total", "tax_total",      "total"};

std::string text_of(const Json& value) {
  if (value.is_string()) return value.as_string();
  return value.is_nullish() ? std::string() : value.dump();
}

// What the job shows, as the order's view knows it.
order::Presentation view_of(const Call& call, const Json& context) {
  order::Grammar grammar;
  const Names select = names_in(context, "select"), relations = names_in(context, "relations");
  for (const auto& group : groups()) {
    const auto& names = is_relation(group.field) ? relations : select;
    if (std::find(names.begin(), names.end(), group.field) == names.end()) continue;
    const bool is_total = std::find(std::begin(kTotals), std::end(kTotals), group.field) != std::end(kTotals);
    auto& wanted = is_relation(group.field) ? grammar.read.relations : is_total ? grammar.totals : grammar.read.fields;
    wanted.emplace_back(group.field);
  }
  for (const char* always : {"id", "created_at", "region_id", "customer_id", "currency_code"})
    if (std::find(grammar.read.fields.begin(), grammar.read.fields.end(), always) == grammar.read.fields.end())
      grammar.read.fields.emplace_back(always);
  return order::resolve(call.flags, grammar, Json::object(), query::Many::yes);
}

// Quirk: only these names count, whatever else a client asks for.
std::vector<const Group*> shown(const Json& context) {
  const Names select = names_in(context, "select"), relations = names_in(context, "relations");
  std::vector<const Group*> found;
  for (const auto& group : groups())
    for (const auto* names : {&select, &relations})
      if (std::find(names->begin(), names->end(), group.field) != names->end()) {
        found.push_back(&group);
        break;
      }
  return found;
}

std::string head(const std::vector<const Group*>& groups) {
  Names cells;
  for (const auto* group : groups)
    for (const auto& column : group->columns) cells.emplace_back(column.heading);
  return base::join(cells, ";") + "\r\n";
}

// 1.20 leaves cells as they are, and so breaks its lines where a name holds a semicolon; here they are quoted.
void append_line(std::string& out, const std::vector<const Group*>& groups, const query::RowOf<table::Order>& row,
                 const Json& order) {
  bool first = true;
  for (const auto* group : groups)
    for (const auto& column : group->columns) {
      if (!std::exchange(first, false)) out += ';';
      const Json& holder = is_relation(group->field) && column.member != "region_id" ? order[group->field] : order;
      const auto text =
          column.member == "created_at" ? base::http_date(*row.instant("created_at")) : text_of(holder[column.member]);
      base::append_csv_cell(out, text, base::Commas::plain);
    }
  out += "\r\n";
}

class OrderExport final : public ports::BatchJobStrategy {
 public:
  std::string_view id() const override { return "order-export"; }
  bool only_reads() const override { return true; }

  Json prepare(Call& call, Json job) const override {
    Names relations{"customer", "shipping_address"};
    if (call.on(schema::Flag::sales_channels)) relations.emplace_back("sales_channel");
    filters_of(job["context"], order::admin_filters());
    job.set("context", list_context(job["context"],
                                    {"id", "display_id", "status", "created_at", "fulfillment_status", "payment_status",
                                     "subtotal", "shipping_total", "discount_total", "gift_card_total",
                                     "refunded_total", "tax_total", "total", "currency_code", "region_id"},
                                    relations));
    return job;
  }

  void pre_process(BatchJobRun& run) const override {
    const auto count = ExportPages(run.call, asked(run, {}), run.context).count();
    describe_export(run, "order-export-count", "Order count to export",
                    "There will be " + std::to_string(count) + " orders exported by this action");
  }

  void process(BatchJobRun& run) const override {
    const auto view = view_of(run.call, run.context);
    const auto groups = shown(run.context);
    ExportPages pages(run.call, asked(run, order::to_load(view)), run.context);
    ExportFile file(run, "exports/orders/order-export", head(groups), pages.count());
    while (const auto page = pages.next()) {
      std::string lines;
      for (const auto& row : page->rows<table::Order>())
        append_line(lines, groups, row, base::parse_json(order::to_json(run.call, view, row, order::Level::list)));
      file.write(lines, page->root->size());
    }
    file.finish();
  }

 private:
  static query::Read asked(const BatchJobRun& run, query::Selection selection) {
    query::Read read{.entity = &schema::get("Order"), .selection = std::move(selection)};
    query::add_conditions(order::admin_filters(), filters_of(run.context, order::admin_filters()), read);
    return read;
  }
};

} // namespace

std::unique_ptr<ports::BatchJobStrategy> order_export() { return std::make_unique<OrderExport>(); }

} // namespace commerce::batch_job
