#include "ports/remote_payment.hpp"
#include "base/json_text.hpp"

namespace ports {

using base::Json;
using base::JsonObject;

namespace {

Json context_arguments(const PaymentContext& context) {
  return JsonObject{{"resource_id", context.resource_id},
                    {"amount", context.amount},
                    {"currency_code", context.currency_code},
                    {"email", context.email},
                    {"customer", context.customer},
                    {"billing_address", context.billing_address},
                    {"context", context.context}};
}

class RemotePayment final : public PaymentProvider {
 public:
  RemotePayment(std::string id, Ask::Again refunds) : id_(std::move(id)), refunds_(refunds) {}
  std::string_view id() const override { return id_; }

  Json create_session(Call& call, const PaymentContext& context) const override {
    return question(call, "create_session", context_arguments(context));
  }
  Json update_session(Call& call, const Json& data, const PaymentContext& context) const override {
    return question(call, "update_session", JsonObject{{"data", data}, {"context", context_arguments(context)}});
  }
  Json update_session_data(Call& call, std::string_view session_id, const Json& data,
                           const Json& update) const override {
    return question(call, "update_session_data",
                    JsonObject{{"session_id", session_id}, {"data", data}, {"update", update}});
  }
  void delete_session(Call& call, const Json& data) const override {
    question(call, "delete_session", JsonObject{{"data", data}});
  }
  PaymentAuthorization authorize(Call& call, const Authorization& session) const override {
    const Json answer = lasting(call, "authorize", session.session_id + " for " + std::to_string(session.amount),
                                JsonObject{{"session_id", session.session_id},
                                           {"data", session.data},
                                           {"amount", session.amount},
                                           {"context", session.context}});
    return {base::text_of(answer["status"], "error"), answer["data"]};
  }
  Json payment_data(Call& call, const Json& session_data) const override {
    return question(call, "payment_data", JsonObject{{"data", session_data}});
  }
  std::string status(Call& call, const Json& data) const override {
    return base::text_of(question(call, "status", JsonObject{{"data", data}}), "error");
  }
  Json capture(Call& call, const Payment& payment) const override {
    return lasting(call, "capture", payment.id, payment_arguments(payment))["data"];
  }
  Json refund(Call& call, const Payment& payment, const Refund& refund) const override {
    return lasting(call, "refund",
                   payment.id + " from " + std::to_string(payment.amount_refunded) + " by " +
                       std::to_string(refund.amount),
                   refund_arguments(payment, refund), refunds_)["data"];
  }
  Json cancel(Call& call, const Payment& payment) const override {
    return lasting(call, "cancel", payment.id, payment_arguments(payment))["data"];
  }
  base::JsonArray saved_methods(Call& call, const Json& customer) const override {
    Json answer = question(call, "saved_methods", JsonObject{{"customer", customer}});
    return answer.is_array() ? std::move(answer.as_array()) : base::JsonArray();
  }

 private:
  // Asked again only where something else is asked.
  Json question(Call& call, const char* method, Json arguments) const {
    std::string key = std::string(method) + " " + arguments.dump();
    return call.ask({.port = "payment",
                     .provider = id_,
                     .method = method,
                     .key = std::move(key),
                     .arguments = std::move(arguments)});
  }
  Json lasting(Call& call, const char* method, const std::string& of, Json arguments,
               Ask::Again again = Ask::Again::safe) const {
    return call.ask({.port = "payment",
                     .provider = id_,
                     .method = method,
                     .key = std::string(method) + " " + of,
                     .arguments = std::move(arguments),
                     .effect = Ask::Effect::lasting,
                     .again = again});
  }
  std::string id_;
  Ask::Again refunds_;
};

} // namespace

Json payment_arguments(const Payment& payment) {
  return JsonObject{{"id", payment.id},
                    {"data", payment.data},
                    {"amount", payment.amount},
                    {"amount_refunded", payment.amount_refunded},
                    {"currency_code", payment.currency_code},
                    {"told", payment.told}};
}

Json refund_arguments(const Payment& payment, const Refund& refund) {
  return JsonObject{{"payment", payment_arguments(payment)},
                    {"refund", JsonObject{{"amount", refund.amount},
                                          {"reason", refund.reason},
                                          {"note", refund.note},
                                          {"order_id", refund.order_id},
                                          {"purpose", refund.purpose},
                                          {"told", refund.told}}}};
}

std::unique_ptr<PaymentProvider> remote_payment_provider(std::string id, Ask::Again refunds) {
  return std::make_unique<RemotePayment>(std::move(id), refunds);
}

} // namespace ports
