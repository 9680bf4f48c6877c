#include "commerce/shipping/providers.hpp"
#include "base/error.hpp"
#include "ports/fulfillment_provider.hpp"

namespace commerce::shipping {
namespace {

using base::Json;
using ports::Call;

class ManualFulfillment final : public ports::FulfillmentProvider {
 public:
  std::string_view id() const override { return "manual"; }
  Json options(Call&) const override {
    return base::JsonArray{base::JsonObject{{"id", "manual-fulfillment"}},
                           base::JsonObject{{"id", "manual-fulfillment-return"}, {"is_return", true}}};
  }
  bool validate_option(Call&, const Json&) const override { return true; }
  Json validate_data(Call&, const Json&, const Json& data, const Json&) const override { return data; }
  bool can_calculate(Call&, const Json&) const override { return false; }
  base::Amount calculate_price(Call&, const Json&, const Json&, const Json&) const override {
    throw base::Error(base::ErrorType::unknown_error, "Manual fulfilment has fixed prices only");
  }
  Json create_fulfillment(Call&, const Json&, const Json&, const Json&, const Json&) const override {
    return Json::object();
  }
  Json cancel_fulfillment(Call&, const Json&) const override { return Json::object(); }
  Json create_return(Call&, const Json&) const override { return Json::object(); }
};

} // namespace

void add_manual_provider() { ports::add_fulfillment_provider(std::make_unique<ManualFulfillment>()); }

} // namespace commerce::shipping
