#include "commerce/batch_job/export_pages.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include <algorithm>
#include <limits>

namespace commerce::batch_job {
namespace {

using base::Json;
using Names = std::vector<std::string>;

// 1.20's default for products; many variants of 50 products fit into the memory at once.
constexpr std::int64_t kPage = 50;

void add_once(Names& names, std::string name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

Names split_names(const Json& text) {
  Names names = base::split(text.as_string(), ',');
  std::erase(names, "");
  return names;
}

// 1.20 asks for the ends of all names, and takes what stands ahead of a dot for a relation.
Names resolved_fields(const Json& asked, Names fields) {
  if (!asked.is_string()) return fields;
  const Names custom = split_names(asked);
  const bool replaces = custom.empty() || std::any_of(custom.begin(), custom.end(), [](const auto& name) {
                          return std::string_view("+-*").find(name[0]) == std::string_view::npos;
                        });
  if (replaces) fields.clear();
  for (const auto& name : custom) {
    const bool sign = name[0] == '+' || name[0] == '-';
    if (name[0] == '-' && !replaces)
      std::erase(fields, name.substr(1));
    else
      add_once(fields, sign ? name.substr(1) : name);
  }
  add_once(fields, "created_at");
  add_once(fields, "id");
  return fields;
}

Json list_of_names(const Names& names) {
  Json list = Json::array();
  for (const auto& name : names) list.push_back(name);
  return list;
}

std::optional<std::int64_t> whole_number(const Json& value) {
  if (!value.is_number() || value.as_number() < 0 || value.as_number() > 1e15) return std::nullopt;
  return static_cast<std::int64_t>(value.as_number());
}

// The first column that list_config.order names; newest first without one.
query::Order order_of(const query::Read& read, const Json& config) {
  const Json& order = config["order"];
  if (!order.is_object() || order.as_object().empty()) return {"created_at", true};
  const auto& [column, direction] = *order.as_object().begin();
  if (!read.entity->column(column)) throw base::Error::invalid_data("Order field " + column + " is not valid");
  return {column, direction == Json("DESC")};
}

} // namespace

Json list_context(const Json& context, const Names& default_fields, const Names& default_relations) {
  Json kept = Json::object();
  for (const auto& [name, value] : context.as_object())
    if (name != "limit" && name != "offset" && name != "order" && name != "fields" && name != "expand" &&
        name != "filterable_fields")
      kept.set(name, value);
  const Names fields = resolved_fields(context["fields"], default_fields);
  Names select, relations;
  for (const auto& name : fields) {
    if (const auto dot = name.rfind('.'); dot != name.npos) add_once(relations, name.substr(0, dot));
    select.push_back(name);
  }
  for (const auto& name : default_relations) add_once(relations, name);
  if (context["expand"].is_string()) relations = split_names(context["expand"]);
  Json config = Json::object();
  if (!select.empty()) config.set("select", list_of_names(select));
  config.set("relations", list_of_names(relations));
  config.set("skip", context.has("offset") ? context["offset"] : Json(0));
  config.set("take", context.has("limit") ? context["limit"] : Json(50));
  Json order = base::JsonObject{{"created_at", "DESC"}};
  if (context["order"].is_string()) {
    const auto& asked = context["order"].as_string();
    const bool descending = asked.starts_with('-');
    order = base::JsonObject{{descending ? asked.substr(1) : asked, descending ? "DESC" : "ASC"}};
  }
  config.set("order", std::move(order));
  kept.set("list_config", std::move(config));
  if (context.has("filterable_fields")) kept.set("filterable_fields", context["filterable_fields"]);
  return kept;
}

Names names_in(const Json& context, std::string_view list) {
  Names names;
  const Json& found = context["list_config"][list];
  if (found.is_array())
    for (const auto& name : found.as_array())
      if (name.is_string()) names.push_back(name.as_string());
  return names;
}

Json filters_of(const Json& context, const std::vector<query::Filter>& filters) {
  const Json& given = context["filterable_fields"];
  if (given.is_nullish()) return Json::object();
  if (!given.is_object()) throw base::Error::invalid_data("filterable_fields must be an object");
  // The context may name one value where the route takes a list.
  Json asked = given;
  for (const auto& filter : filters)
    if (const auto& value = asked[filter.name];
        filter.by == query::By::list && !value.is_nullish() && !value.is_array()) {
      Json list = Json::array();
      list.push_back(value);
      asked.set(filter.name, std::move(list));
    }
  if (const auto problems = rules::check(query::list_rules(filters), asked); !problems.empty())
    throw base::Error::invalid_data(base::join(problems, ", "));
  return asked;
}

ExportPages::ExportPages(ports::Call& call, query::Read read, const Json& context)
    : call_(call), read_(std::move(read)), batch_size_(whole_number(context["batch_size"])) {
  const Json& config = context["list_config"];
  read_.order = {order_of(read_, config), {"id", false}};
  read_.offset = whole_number(config["skip"]).value_or(0);
  read_.limit = kPage;
  conditions_ = read_.where.size();
  most_ =
      batch_size_ ? std::max<std::int64_t>(*batch_size_ - read_.offset, 0) : std::numeric_limits<std::int64_t>::max();
}

std::int64_t ExportPages::count() {
  if (batch_size_) return *batch_size_;
  if (!count_) {
    query::Read read{.entity = read_.entity, .where = read_.where, .limit = 1, .count = true};
    read.selection.fields = {"id"};
    read.deleted = read_.deleted;
    count_ = query::read(call_.db(), call_.flags, read).count;
  }
  return *count_;
}

std::optional<query::Tree> ExportPages::next() {
  read_.limit = std::min(kPage, most_ - seen_);
  if (ended_ || read_.limit <= 0) return std::nullopt;
  auto tree = query::read(call_.db(), call_.flags, read_);
  const int rows = tree.root->size();
  seen_ += rows;
  ended_ = rows < read_.limit;
  if (rows == 0) return std::nullopt;
  if (read_.order.front().column == "created_at")
    seek_behind(tree.root->row(rows - 1));
  else
    read_.offset += rows;
  return tree;
}

// The page behind that row costs no more than the first one.
void ExportPages::seek_behind(const query::Row& last) {
  const std::string beyond = read_.order.front().descending ? "<" : ">";
  read_.where.resize(conditions_);
  read_.where.push_back(
      {"t.created_at " + beyond + " $?::timestamptz OR (t.created_at = $?::timestamptz AND t.id > $?)",
       query::Operator::sql,
       {last.str("created_at"), last.str("created_at"), last.str("id")}});
  read_.offset = 0;
}

} // namespace commerce::batch_job
