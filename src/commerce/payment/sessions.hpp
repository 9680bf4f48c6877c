// The payment sessions of one cart, changed in memory and then written: a cart's sessions are few, every change follows
// from all of them, and the answer shows them as they are afterwards.
// Owns: the sessions' JSON and the statements that bring the table up to date. Called by cart, on the fiber of the
// request.
// Medusa 1.20: CartService.setPaymentSession(s), deletePaymentSession, refreshPaymentSession, updatePaymentSession and
// the session half of PaymentProviderService.
#pragma once
#include "db/db.hpp"
#include "ports/payment_provider.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::payment {

class Sessions {
 public:
  // `rows`: the sessions as the API shows them.
  explicit Sessions(base::JsonArray rows);

  bool empty() const { return rows_.empty(); }
  // As the API shows them, with the changes.
  const base::JsonArray& rows() const { return rows_; }
  // The one that is selected, or null.
  const base::Json* selected() const;

  // CartService.setPaymentSessions: one session for each provider of the region, at the amount that is to be paid.
  void set_all(ports::Call& call, const ports::PaymentContext& context, const std::vector<std::string>& providers);
  // CartService.setPaymentSession. Throws where the region does not offer the provider or the cart has no such session.
  void select(ports::Call& call, std::string_view provider, const ports::PaymentContext& context,
              const std::vector<std::string>& providers);
  // A session of the system's own provider, which takes whatever an admin says has been paid; it is made where it is missing, and
  // selected. What other providers have begun is ended there.
  void pay_by_system(ports::Call& call, const ports::PaymentContext& context);
  // CartService.updatePaymentSession: the shopper's own change of the selected session.
  void update_selected(ports::Call& call, const base::Json& update);
  // CartService.deletePaymentSession; without such a session nothing happens.
  void remove(ports::Call& call, std::string_view provider);
  // CartService.refreshPaymentSession; without such a session nothing happens.
  void refresh(ports::Call& call, std::string_view provider, const ports::PaymentContext& context);

  // What brings the table up to date; empty when nothing changed.
  std::vector<db::Command> writes() const;

 private:
  base::Json* find(std::string_view provider);
  void change(base::Json& row, std::string_view column, base::Json value);
  void add(const ports::PaymentContext& context, std::string_view provider, base::Json data, base::Json selected,
           bool initiated);
  void drop(std::string_view id);
  void update_at_provider(ports::Call& call, base::Json& row, const ports::PaymentContext& context);

  base::JsonArray rows_;
  base::JsonArray before_;
  std::vector<std::string> dropped_;
  std::string now_; // one instant for all changes
};

} // namespace commerce::payment
