#include "events/bell.hpp"
#include "events/subscribers.hpp"
#include <doctest/doctest.h>
#include <poll.h>
#include <stdexcept>

namespace {

std::string ids_of(const events::Subscribers& subscribers, std::string_view event) {
  std::string text;
  for (const auto* subscription : subscribers.of(event)) text += (text.empty() ? "" : " ") + subscription->id;
  return text;
}

bool readable(const events::Bell& bell) {
  pollfd descriptor{bell.descriptor(), POLLIN, 0};
  return ::poll(&descriptor, 1, 0) == 1;
}

} // namespace

TEST_CASE("those of an event hear it first, then those of all events") {
  events::Subscribers subscribers;
  const auto nothing = [](const events::Delivery&) {};
  CHECK(subscribers.empty());
  CHECK(ids_of(subscribers, "order.placed").empty());
  subscribers.add("*", nothing, "all");
  subscribers.add("order.placed", nothing, "b");
  subscribers.add("order.placed", nothing, "a");
  subscribers.add("cart.created", nothing, "a");
  CHECK(!subscribers.empty());
  CHECK(ids_of(subscribers, "order.placed") == "b a all");
  CHECK(ids_of(subscribers, "cart.updated") == "all");
  CHECK(ids_of(subscribers, "*") == "all");
  CHECK_THROWS_WITH_AS(subscribers.add("order.placed", nothing, "a"), "Subscriber with id a already exists",
                       std::invalid_argument);
  subscribers.add("order.placed", nothing);
  CHECK(ids_of(subscribers, "order.placed").starts_with("b a order.placed-"));
}

TEST_CASE("only what is heard is of interest") {
  events::Subscribers subscribers;
  CHECK(!subscribers.interest().everything);
  CHECK(subscribers.interest().names.empty());
  subscribers.add("order.placed", {});
  CHECK(subscribers.interest().names == std::vector<std::string>{"order.placed"});
  subscribers.add("*", {});
  CHECK(subscribers.interest().everything);
}

TEST_CASE("a bell rings until it is answered, and only while it hangs") {
  events::staged();
  events::Bell bell;
  events::staged();
  CHECK(!readable(bell));
  events::hang(bell);
  events::staged();
  events::staged();
  CHECK(readable(bell));
  bell.answer();
  CHECK(!readable(bell));
  events::staged();
  CHECK(readable(bell));
  bell.answer();
  {
    events::Bell other;
    events::hang(other);
    events::take_down(bell); // not the one that hangs
    events::staged();
    CHECK(readable(other));
    CHECK(!readable(bell));
  }
  events::staged();
  CHECK(!readable(bell));
}
