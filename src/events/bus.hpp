// Where staged events go: the seam between the outbox and whoever delivers. LocalBus is the default; RedisBus puts the
// messages into a queue that other processes share. Made, used and destroyed by OutboxReader on its thread, on its fiber.
#pragma once
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace events {

// One row of staged_job. Data and options are JSON text, for most are handed on as they are.
struct Message {
  std::string id;   // the row's; 1.20 makes it the id of the queue's job
  std::string name; // "order.placed"
  std::string data;
  std::string options; // an object; what 1.20 gives to the queue: delay, attempts, backoff
};

// The events whose data a bus needs. The others come without data and options, so that nobody reads what nobody hears.
struct Interest {
  bool everything = false;
  std::vector<std::string> names;
};

// Whoever hears is not there yet, which is no fault: the messages are offered again later.
struct NotThereYet : std::runtime_error {
  NotThereYet() : std::runtime_error("whoever hears of events is not there yet") {}
};

class EventBus {
 public:
  virtual ~EventBus() = default;
  virtual Interest interest() const = 0;
  // Takes over the messages, which are in the order of their ids. When it returns, their rows are deleted; when it
  // throws, all of them are offered again later. A server that dies in between leaves them to the next one, so a
  // message may come twice. Returns within seconds: until then the rows are locked.
  virtual void deliver(std::vector<Message> messages) = 0;
  // The rows of all that was delivered are deleted; none of them is offered again.
  virtual void settled() {}
  // After the last batch: waits for what is still under way. The reader's stop() bounds it.
  virtual void close() {}
};

using MakeBus = std::function<std::unique_ptr<EventBus>(boost::asio::io_context&)>;

} // namespace events
