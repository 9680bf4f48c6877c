#include "commerce/order/edit_status.hpp"

namespace commerce::order {
namespace {

// The first of these that has happened is the status.
struct Step {
  std::string_view column, status;
};
constexpr Step kSteps[]{{"canceled_at", "canceled"},
                        {"confirmed_at", "confirmed"},
                        {"declined_at", "declined"},
                        {"requested_at", "requested"}};

} // namespace

std::string_view edit_status(const query::Row& edit) {
  for (const auto& [column, status] : kSteps)
    if (!edit.is_null(column)) return status;
  return "created";
}

} // namespace commerce::order
