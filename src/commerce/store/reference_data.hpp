// The countries (ISO 3166-1) and currencies (ISO 4217 and how their amounts are written) that a new shop starts with,
// in 1.20's order. Read by defaults.cpp; any thread.
#pragma once
#include <string_view>
#include <vector>

namespace commerce::store {

struct Country {
  std::string_view iso_2, iso_3;
  int num_code;
  std::string_view name, display_name;
};
const std::vector<Country>& countries();

struct Currency {
  std::string_view code, symbol, symbol_native, name;
};
const std::vector<Currency>& currencies();

} // namespace commerce::store
