// What keeps the prices of one request apart: two for the same place of one variant would both be its price there, and which
// one counts would be chance. Pure; called by catalogue and by price lists, on the request's fiber.
#pragma once
#include "base/json.hpp"
#include "base/strings.hpp"
#include <string_view>

namespace commerce::pricing {

class Places {
 public:
  // A price's columns: region_id, else currency_code, and the quantities. `variant`: whose price it is; empty where all are
  // of one. Throws invalid_data, naming it, for a place that is taken.
  void take(const base::Json& price, std::string_view variant = {});

 private:
  base::StringMap<bool> taken_;
};

} // namespace commerce::pricing
