#include "commerce/swap/rules.hpp"
#include "commerce/values.hpp"
#include <algorithm>
#include <cmath>

namespace commerce::swap {

using base::Json;
using rules::Is;
using rules::Presence;

namespace {

// Min(1), said before what else is wrong with the quantity. `most`: how much the rules say of one that is missing.
void check_quantity(const Json& item, std::vector<std::string>& problems, std::size_t most) {
  const Json& quantity = item["quantity"];
  const bool number = quantity.is_number();
  if (number && quantity.as_number() >= 1) return;
  std::size_t behind = 0;
  for (const char* later : {"reason_id", "note"})
    if (!item[later].is_nullish() && !item[later].is_string()) behind++;
  const bool empty = quantity.is_nullish() || quantity == Json("");
  if (number)
    behind += quantity.as_number() < 0 || std::floor(quantity.as_number()) != quantity.as_number() ? 1 : 0;
  else
    behind += empty ? most : 1;
  problems.insert(problems.end() - static_cast<std::ptrdiff_t>(std::min(behind, problems.size())),
                  "quantity must not be less than 1");
}

} // namespace

const rules::Rules kReturnItemRules{
    .rows = {{"item_id", Is::string, Presence::not_empty_first},
             {"quantity", Is::number, Presence::not_empty_first},
             {"reason_id", Is::string, Presence::optional},
             {"note", Is::string, Presence::optional}},
    .extra = [](const Json& item, std::vector<std::string>& problems) { check_quantity(item, problems, 2); },
    .of = "ReturnItem"};
const rules::Rules kAdditionalItemRules{.rows = {{"variant_id", Is::string, Presence::not_empty_first},
                                                 {"quantity", Is::number, Presence::not_empty_first}},
                                        .of = "LineItem"};
const rules::Rules kShoppersReturnItemRules{
    .rows = {{"item_id", Is::string, Presence::not_empty_first},
             {"quantity", Is::number},
             {"reason_id", Is::string, Presence::optional},
             {"note", Is::string, Presence::optional}},
    .extra = [](const Json& item, std::vector<std::string>& problems) { check_quantity(item, problems, 1); },
    .of = "ReturnItem"};
const rules::Rules kShoppersAdditionalItemRules{
    .rows = {{"variant_id", Is::string, Presence::not_empty_first}, {"quantity", Is::number}},
    .extra = [](const Json& item, std::vector<std::string>& problems) { check_quantity(item, problems, 1); },
    .of = "LineItem"};

std::vector<returns::WishedItem> return_items_of(const Json& body) {
  std::vector<returns::WishedItem> items;
  for (const auto& item : body["return_items"].as_array())
    items.push_back({item["item_id"].as_string(), item["quantity"].as_int(), optional_text(item["reason_id"]),
                     optional_text(item["note"])});
  return items;
}

// Quirk: none of an item is one of it.
std::vector<AdditionalItem> additional_items_of(const Json& body) {
  std::vector<AdditionalItem> items;
  if (body["additional_items"].is_array())
    for (const auto& item : body["additional_items"].as_array())
      items.push_back({item["variant_id"].as_string(), std::max<std::int64_t>(1, item["quantity"].as_int())});
  return items;
}

} // namespace commerce::swap
