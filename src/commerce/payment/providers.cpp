#include "commerce/payment/providers.hpp"
#include "base/json_text.hpp"
#include "base/metadata.hpp"
#include "ports/payment_provider.hpp"

namespace commerce::payment {
namespace {

using base::Json;
using ports::Call;

Json status_of(const char* status) { return base::JsonObject{{"status", status}}; }

// medusa-payment-manual: whoever runs the shop is paid in another way, so every step succeeds at once.
class ManualPayment final : public ports::PaymentProvider {
 public:
  std::string_view id() const override { return "manual"; }
  bool looks_at_customer() const override { return false; }
  Json create_session(Call&, const ports::PaymentContext&) const override { return status_of("pending"); }
  Json update_session(Call&, const Json& data, const ports::PaymentContext&) const override { return data; }
  // Quirk: of the shopper's change only a member `data` within it counts.
  Json update_session_data(Call&, std::string_view, const Json& data, const Json& update) const override {
    return base::spread(data, update["data"]);
  }
  void delete_session(Call&, const Json&) const override {}
  ports::PaymentAuthorization authorize(Call&, const ports::Authorization&) const override {
    return {"authorized", status_of("authorized")};
  }
  Json payment_data(Call&, const Json& session_data) const override { return session_data; }
  std::string status(Call&, const Json& data) const override { return base::text_of(data["status"]); }
  Json capture(Call&, const ports::Payment&) const override { return status_of("captured"); }
  Json refund(Call&, const ports::Payment& payment, const ports::Refund&) const override { return payment.data; }
  Json cancel(Call&, const ports::Payment&) const override { return status_of("canceled"); }
};

class SystemPayment final : public ports::PaymentProvider {
 public:
  std::string_view id() const override { return "system"; }
  bool looks_at_customer() const override { return false; }
  Json create_session(Call&, const ports::PaymentContext&) const override { return Json::object(); }
  Json update_session(Call&, const Json&, const ports::PaymentContext&) const override { return Json::object(); }
  Json update_session_data(Call&, std::string_view, const Json&, const Json&) const override { return Json::object(); }
  void delete_session(Call&, const Json&) const override {}
  ports::PaymentAuthorization authorize(Call&, const ports::Authorization&) const override {
    return {"authorized", Json::object()};
  }
  Json payment_data(Call&, const Json&) const override { return Json::object(); }
  std::string status(Call&, const Json&) const override { return "authorized"; }
  Json capture(Call&, const ports::Payment&) const override { return Json::object(); }
  Json refund(Call&, const ports::Payment&, const ports::Refund&) const override { return Json::object(); }
  Json cancel(Call&, const ports::Payment&) const override { return Json::object(); }
};

} // namespace

void add_native_providers(Manual manual) {
  ports::add_payment_provider(std::make_unique<SystemPayment>());
  if (manual == Manual::installed) ports::add_payment_provider(std::make_unique<ManualPayment>());
}

} // namespace commerce::payment
