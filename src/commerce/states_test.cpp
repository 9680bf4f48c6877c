#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/batch_job/states.hpp"
#include "commerce/catalogue/states.hpp"
#include "commerce/claim/states.hpp"
#include "commerce/draft_order/states.hpp"
#include "commerce/order/states.hpp"
#include "commerce/order_edit/states.hpp"
#include "commerce/payment/states.hpp"
#include "commerce/returns/states.hpp"
#include "commerce/states.hpp"
#include "commerce/swap/states.hpp"
#include <doctest/doctest.h>
#include <fstream>
#include <set>
#include <string>

namespace {

using commerce::Act;

template<class States, class Acts> void check_table(const States& states, const Acts& acts) {
  const auto is_state = [&](std::string_view name) {
    return std::find(states.begin(), states.end(), name) != states.end();
  };
  for (const Act& act : acts) {
    CAPTURE(act.name);
    for (const auto& names : {act.only, act.never})
      for (const auto name : names)
        if (!name.empty()) CHECK_MESSAGE(is_state(name), name);
    if (!act.becomes.empty()) CHECK(is_state(act.becomes));
    // What can be refused says how.
    const bool refuses = !act.only.front().empty() || !act.never.front().empty();
    CHECK(refuses == !act.refusal.empty());
    // Nothing is named as both.
    CHECK((act.only.front().empty() || act.never.front().empty()));
  }
}

// The values of an enumeration of 1.20's schema.
std::set<std::string, std::less<>> values_in_schema(std::string_view enumeration) {
  std::ifstream schema(std::string(STHENO_SOURCE_DIR) + "/tests/golden/schema.txt");
  const std::string start = "  enum " + std::string(enumeration) + ": ";
  for (std::string line; std::getline(schema, line);)
    if (line.starts_with(start)) {
      std::set<std::string, std::less<>> values;
      for (const auto& value : base::split(line.substr(start.size()), ',')) values.emplace(base::trim(value));
      return values;
    }
  return {};
}

// What check() says; empty where it lets pass.
std::string refusal(const Act& act, std::string_view state) {
  try {
    commerce::check(act, state, "pay_1");
    return {};
  } catch (const base::Error& error) {
    CHECK(error.type == base::ErrorType::not_allowed);
    return error.what();
  }
}

} // namespace

TEST_CASE("the tables of states name states that there are") {
  check_table(commerce::order::kStatuses, commerce::order::act::kAll);
  check_table(commerce::order_edit::kStatuses, commerce::order_edit::act::kAll);
  check_table(commerce::returns::kStatuses, commerce::returns::act::kAll);
  namespace swap = commerce::swap;
  check_table(swap::kStates, swap::act::kOfState);
  check_table(swap::kFulfillmentStatuses, std::array{swap::act::pack});
  check_table(swap::kPaymentStatuses, std::array{swap::act::cancel});
  check_table(commerce::order::kPaymentStatuses, std::array{swap::act::take_paid});
  check_table(commerce::order::kFulfillmentStatuses, std::array{swap::act::take_fulfilled});
  namespace claim = commerce::claim;
  check_table(claim::kStates, claim::act::kOfState);
  check_table(claim::kFulfillmentStatuses, std::array{claim::act::pack});
  check_table(claim::kTypes, std::array{claim::act::send});
  namespace payment = commerce::payment;
  check_table(payment::kCollectionStatuses, payment::act::kOfCollections);
  check_table(payment::kSessionStatuses, payment::act::kOfSessions);
  check_table(payment::kPaymentStates, payment::act::kOfPayments);
  check_table(commerce::draft_order::kStatuses, commerce::draft_order::act::kAll);
  check_table(commerce::batch_job::kStatuses, commerce::batch_job::act::kAll);
}

TEST_CASE("the tables have all states that the schema has") {
  const auto check = [](const auto& states, std::string_view enumeration) {
    CAPTURE(enumeration);
    CHECK(std::set<std::string, std::less<>>(states.begin(), states.end()) == values_in_schema(enumeration));
  };
  check(commerce::order::kStatuses, "order_status_enum");
  check(commerce::order::kFulfillmentStatuses, "order_fulfillment_status_enum");
  check(commerce::order::kPaymentStatuses, "order_payment_status_enum");
  check(commerce::returns::kStatuses, "return_status_enum");
  check(commerce::swap::kFulfillmentStatuses, "swap_fulfillment_status_enum");
  check(commerce::swap::kPaymentStatuses, "swap_payment_status_enum");
  check(commerce::claim::kTypes, "claim_order_type_enum");
  check(commerce::claim::kReasons, "claim_item_reason_enum");
  check(commerce::claim::kFulfillmentStatuses, "claim_order_fulfillment_status_enum");
  check(commerce::claim::kPaymentStatuses, "claim_order_payment_status_enum");
  check(commerce::payment::kCollectionStatuses, "PAYMENT_COLLECTION_STATUS_ENUM");
  check(commerce::payment::kSessionStatuses, "payment_session_status_enum");
  check(commerce::draft_order::kStatuses, "draft_order_status_enum");
  check(commerce::catalogue::kProductStatuses, "product_status_enum");
}

TEST_CASE("what may be done in which state, and 1.20's words for the rest") {
  namespace order = commerce::order::act;
  namespace edit = commerce::order_edit::act;
  namespace returns = commerce::returns::act;
  namespace swap = commerce::swap::act;
  namespace claim = commerce::claim::act;
  namespace payment = commerce::payment::act;
  struct Case {
    const Act& act;
    std::string_view state, refusal;
  };
  const Case cases[]{
      {order::complete, "pending", ""},
      {order::complete, "archived", ""},
      {order::complete, "canceled", "A canceled order cannot be completed"},
      {order::archive, "completed", ""},
      {order::archive, "pending", "Can't archive an unprocessed order"},
      {order::archive, "requires_action", "Can't archive an unprocessed order"},
      {order::cancel, "canceled", ""},
      {edit::request, "requested", ""},
      {edit::request, "declined", "Cannot request a confirmation on an edit with status declined"},
      {edit::decline, "declined", ""},
      {edit::decline, "created", "Cannot decline an order edit with status created."},
      {edit::confirm, "created", ""},
      {edit::confirm, "canceled", "Cannot confirm an order edit with status canceled"},
      {edit::complete, "created", "Cannot complete an order edit with status created"},
      {edit::add_item, "confirmed", "Can not add an item to the edit with status confirmed"},
      {returns::receive, "requires_action", ""},
      {returns::receive, "canceled", "Cannot receive a canceled return"},
      {returns::cancel, "received", "Can't cancel a return which has been returned"},
      {swap::settle, "confirmed", ""},
      {swap::settle, "open", "Cannot process a swap that hasn't been confirmed by the customer"},
      {swap::pack, "canceled", ""},
      {swap::pack, "shipped", "The swap was already fulfilled"},
      {swap::cancel, "captured", ""},
      {swap::cancel, "partially_refunded", "Swap with a refund cannot be canceled"},
      {claim::update, "canceled", "Canceled claim cannot be updated"},
      {claim::pack, "not_fulfilled", ""},
      {claim::pack, "requires_action", "The claim has already been fulfilled."},
      {claim::send, "refund", "Claims with the type \"refund\" can not be fulfilled."},
      {payment::set_sessions, "awaiting", "Cannot set payment sessions for a payment collection with status awaiting"},
      {payment::remove, "authorized", "Cannot delete payment collection with status authorized"},
      {payment::capture, "canceled", "Payment pay_1 has been canceled"},
      {payment::refund, "authorized", "Payment pay_1 is not captured"},
      {commerce::draft_order::act::update, "completed", "You are only allowed to update open draft orders"},
  };
  for (const auto& [act, state, sentence] : cases) {
    CAPTURE(act.name);
    CAPTURE(state);
    CHECK(refusal(act, state) == sentence);
  }
}
