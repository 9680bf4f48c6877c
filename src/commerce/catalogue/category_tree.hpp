// The categories below some categories, as trees of JSON. Medusa 1.20: ProductCategoryRepository.findDescendantsTree.
// However many categories are asked for, their descendants are one statement, by mpath. Called by the catalogue's routes,
// on the request's fiber.
#pragma once
#include "commerce/catalogue/tables.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::catalogue {

// Which descendants of a level count.
enum class Level { all, only_public };

class CategoryTree {
 public:
  static CategoryTree below(ports::Call& call, const std::vector<query::RowOf<table::ProductCategory>>& roots);
  // The children of a category, by rank, with theirs: those of the first level by `level`, those further down by `deeper`.
  // What they show; null: every column.
  base::Json children_of(std::string_view parent, Level level, Level deeper,
                         const std::vector<std::string>* fields = nullptr) const;

 private:
  base::Json children_of(std::string_view parent, Level level, Level deeper, const std::vector<std::string>* fields,
                         int depth) const;
  query::Tree tree_;
  std::multimap<std::string, query::RowOf<table::ProductCategory>, std::less<>> by_parent_; // in the order of the read
};

} // namespace commerce::catalogue
