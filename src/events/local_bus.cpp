#include "events/local_bus.hpp"
#include "base/log.hpp"
#include "base/terminal.hpp"
#include "events/gate_impl.hpp"

namespace events {
namespace {

// One batch: its messages live until the last subscriber has ended.
struct Batch {
  std::vector<Message> messages;
  std::vector<const Subscription*> at_work;
};

class LocalBus final : public EventBus {
 public:
  LocalBus(boost::asio::io_context& loop, const Subscribers& subscribers, std::unique_ptr<db::Database> database,
           const LocalBusOptions& options)
      : subscribers_(subscribers), database_(std::move(database)), options_(options), ended_(loop) {}

  Interest interest() const override { return subscribers_.interest(); }

  void deliver(std::vector<Message> messages) override {
    const auto end = Gate::Clock::now() + options_.patience;
    const auto batch = std::make_shared<Batch>();
    batch->messages = std::move(messages);
    if (base::on_terminal()) log_batch(batch->messages);
    for (const auto& message : batch->messages) {
      const auto hearing = subscribers_.of(message.name);
      if (!base::on_terminal())
        base::log_info("Processing " + message.name + " which has " + std::to_string(hearing.size()) + " subscribers");
      for (const auto* subscription : hearing) {
        while (at_work_ >= options_.at_once && ended_.wait_until(end)) {
        }
        start(batch, message, *subscription);
      }
    }
    while (!batch->at_work.empty() && ended_.wait_until(end)) {
    }
    for (const auto* late : batch->at_work)
      base::log_warn("A subscriber is still at work; nobody waits for it any longer",
                     {{"event", late->event}, {"subscriber", late->id}});
  }

  void close() override {
    while (at_work_ > 0) ended_.wait(std::chrono::seconds(1));
  }

 private:
  // Of many events a person wants one line: how many of each.
  static void log_batch(const std::vector<Message>& messages) {
    std::vector<std::pair<std::string_view, int>> counts;
    for (const auto& message : messages) {
      const auto known =
          std::find_if(counts.begin(), counts.end(), [&](const auto& row) { return row.first == message.name; });
      if (known == counts.end())
        counts.emplace_back(message.name, 1);
      else
        known->second++;
    }
    std::string text;
    for (const auto& [name, count] : counts)
      text += (text.empty() ? "" : ", ") + std::string(name) + (count > 1 ? " x" + std::to_string(count) : "");
    base::log_info((messages.size() == 1 ? "1 event: " : std::to_string(messages.size()) + " events: ") + text);
  }

  void start(const std::shared_ptr<Batch>& batch, const Message& message, const Subscription& subscription) {
    ++at_work_;
    batch->at_work.push_back(&subscription);
    base::spawn_fiber([this, batch, &message, &subscription] {
      run(message, subscription);
      --at_work_;
      batch->at_work.erase(std::find(batch->at_work.begin(), batch->at_work.end(), &subscription));
      ended_.open();
    });
  }

  // A failure is this subscriber's alone.
  void run(const Message& message, const Subscription& subscription) {
    const auto failed = [&](std::string_view reason) {
      base::log_error("An error occurred while processing " + message.name + ": " + std::string(reason),
                      {{"subscriber", subscription.id}});
    };
    try {
      subscription.subscriber({.message = message, .database = *database_});
    } catch (const std::exception& failure) {
      failed(failure.what());
    } catch (...) {
      failed("unknown");
    }
  }

  const Subscribers& subscribers_;
  std::unique_ptr<db::Database> database_;
  LocalBusOptions options_;
  Gate ended_; // opened by each subscriber's end
  std::size_t at_work_ = 0;
};

} // namespace

std::unique_ptr<EventBus> local_bus(boost::asio::io_context& loop, const Subscribers& subscribers,
                                    std::unique_ptr<db::Database> database, LocalBusOptions options) {
  return std::make_unique<LocalBus>(loop, subscribers, std::move(database), options);
}

} // namespace events
