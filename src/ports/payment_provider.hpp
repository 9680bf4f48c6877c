// Whoever takes the money: what a payment plugin provides, and the table of those that are installed.
// Owns: the table, filled at start by app and read-only afterwards (any thread). A provider's functions run on the
// fiber of the request, inside the transaction of the step. Those that reach out to a service do it by Call::ask(), so
// that no lock is held meanwhile and nothing is asked for twice; they throw ProviderError.
// Medusa 1.20: AbstractPaymentService and AbstractPaymentProcessor, as PaymentProviderService calls them.
#pragma once
#include "base/json.hpp"
#include "base/money.hpp"
#include "ports/call.hpp"
#include "ports/provider_table.hpp"
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ports {

// What a session is made or brought up to date from.
struct PaymentContext {
  std::string resource_id; // the cart, or whatever else is paid for
  base::Amount amount = 0;
  std::string currency_code;
  base::Json email;           // null without one
  base::Json customer;        // an object or null
  base::Json billing_address; // an object or null
  base::Json context;         // the cart's own `context`
};

struct PaymentAuthorization {
  std::string status; // "authorized", "pending", "requires_more", "error", "canceled"
  base::Json data;
};

// A payment as its provider sees it.
struct Payment {
  std::string id;
  base::Json data;
  base::Amount amount = 0;
  base::Amount amount_refunded = 0; // before what is asked for now
  std::string currency_code;
  std::string told{}; // the event that tells of a capture whose request fails after it; none where empty
};

struct Refund {
  base::Amount amount = 0;
  std::string reason;
  base::Json note;     // a text or null
  base::Json order_id; // of the order that it belongs to; null without one
  // Should its request fail after it was given (commerce/order/settlements): what it was for, a text by which the next request
  // knows it again; or the event that tells of it, an object of name and data. Null without.
  base::Json purpose{}, told{};
};

// A session that is to be authorized.
struct Authorization {
  std::string session_id;
  base::Json data;
  base::Amount amount = 0;
  base::Json context; // {ip_address, cart_id, idempotency_key}
};

class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;
  virtual std::string_view id() const = 0;
  // False spares the question who the customer is.
  virtual bool looks_at_customer() const { return true; }
  // The data of a new session.
  virtual base::Json create_session(Call& call, const PaymentContext& context) const = 0;
  // The session's data after a change of the cart; undefined leaves the session as it is.
  virtual base::Json update_session(Call& call, const base::Json& data, const PaymentContext& context) const = 0;
  // The session's data after the shopper's own change of it.
  virtual base::Json update_session_data(Call& call, std::string_view session_id, const base::Json& data,
                                         const base::Json& update) const = 0;
  virtual void delete_session(Call& call, const base::Json& data) const = 0;
  virtual PaymentAuthorization authorize(Call& call, const Authorization& session) const = 0;
  // The data of the payment that follows from an authorized session.
  virtual base::Json payment_data(Call& call, const base::Json& session_data) const = 0;
  // Of a session or a payment: the status as the provider sees it.
  virtual std::string status(Call& call, const base::Json& data) const = 0;
  // Each returns the payment's new data.
  virtual base::Json capture(Call& call, const Payment& payment) const = 0;
  virtual base::Json refund(Call& call, const Payment& payment, const Refund& refund) const = 0;
  virtual base::Json cancel(Call& call, const Payment& payment) const = 0;
  // What a customer (an object) may pay with again, without saying it anew.
  virtual base::JsonArray saved_methods(Call&, const base::Json&) const { return {}; }
};

void add_payment_provider(std::unique_ptr<PaymentProvider> provider);
void add_payment_providers(Elsewhere<PaymentProvider> elsewhere);
// Throws not_found for an id without a provider.
const PaymentProvider& payment_provider(std::string_view id);
// Null instead.
const PaymentProvider* find_payment_provider(std::string_view id);
std::vector<std::string> payment_provider_ids();

} // namespace ports
