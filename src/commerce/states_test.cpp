#include "base/error.hpp"
#include "commerce/order/states.hpp"
#include "commerce/order_edit/states.hpp"
#include "commerce/returns/states.hpp"
#include "commerce/states.hpp"
#include <doctest/doctest.h>

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

// What check() says; empty where it lets pass.
std::string refusal(const Act& act, std::string_view state) {
  try {
    commerce::check(act, state);
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
}

TEST_CASE("what may be done in which state, and 1.20's words for the rest") {
  namespace order = commerce::order::act;
  namespace edit = commerce::order_edit::act;
  namespace returns = commerce::returns::act;
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
  };
  for (const auto& [act, state, sentence] : cases) {
    CAPTURE(act.name);
    CAPTURE(state);
    CHECK(refusal(act, state) == sentence);
  }
}
