// Who hears of which event. Owns the list: filled while the server is put together (by app, on the main thread),
// read-only afterwards and then read by the bus without a lock.
#pragma once
#include "db/db.hpp"
#include "events/bus.hpp"
#include <cstddef>
#include <string_view>
#include <unordered_map>

namespace events {

// What a subscriber is told. Of the call only.
struct Delivery {
  const Message& message;
  db::Database& database; // of the bus' thread: for a ports::Call
  int attempt = 1;        // the first, of
  int attempts = 1;       // so many
};

// Runs on a fiber of the bus' thread and may suspend; it must not block the thread. An exception is logged. It may be
// told of one message twice.
using Subscriber = std::function<void(const Delivery&)>;

struct Subscription {
  std::string event; // or "*"
  std::string id;
  Subscriber subscriber;
};

class Subscribers {
 public:
  static constexpr std::string_view every_event = "*";

  // To be called before the server is started, for example
  //   subscribers.add("order.placed", "receipts", [&](const events::Delivery& delivery) { ... });
  // A bus that tries again tells whom it has told by their ids; without one it is made up, as 1.20 does.
  // Throws std::invalid_argument when the event has a subscriber of that id.
  void add(std::string event, Subscriber subscriber, std::string id = {});

  bool empty() const { return count_ == 0; }
  // Those of that name, then those of "*", each in the order they came.
  std::vector<const Subscription*> of(std::string_view event) const;
  Interest interest() const;

 private:
  const std::vector<std::unique_ptr<const Subscription>>* named(std::string_view event) const;
  std::unordered_map<std::string, std::vector<std::unique_ptr<const Subscription>>> by_event_;
  std::size_t count_ = 0;
};

} // namespace events
