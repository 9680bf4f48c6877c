#include "events/redis_bus.hpp"
#include "events/redis_worker.hpp"

namespace events {
namespace {

class RedisBus final : public EventBus {
 public:
  RedisBus(boost::asio::io_context& loop, redis::Options connection, RedisBusOptions options,
           const Subscribers& subscribers, std::unique_ptr<db::Database> database)
      : options_(std::move(options)), client_(loop, connection), queue_(client_, options_.producer.keys) {
    if (database)
      worker_ = std::make_unique<RedisWorker>(loop, client_, std::move(connection), options_.worker, subscribers,
                                              std::move(database));
  }

  // Others may hear what nobody here does.
  Interest interest() const override { return {.everything = true, .names = {}}; }

  void deliver(std::vector<Message> messages) override {
    if (options_.producer.most_stream_entries) {
      queue_.set_most_stream_entries(*options_.producer.most_stream_entries);
      options_.producer.most_stream_entries.reset();
    }
    std::vector<NewJob> jobs;
    jobs.reserve(messages.size());
    const auto now = RedisQueue::clock();
    for (const auto& message : messages) jobs.push_back(new_job(options_.producer, message, now));
    queue_.add(jobs, settled_);
    settled_.clear();
    for (auto& message : messages) delivered_.push_back(std::move(message.id));
  }

  void settled() override { settled_ = std::exchange(delivered_, {}); }

  void close() override {
    if (worker_) worker_->close();
    if (!settled_.empty()) queue_.add({}, settled_);
  }

 private:
  RedisBusOptions options_;
  redis::Client client_;
  RedisQueue queue_;
  // Ids of rows that are in the queue and perhaps still in the outbox, and of those that are not there any
  // more.
  std::vector<std::string> delivered_, settled_;
  std::unique_ptr<RedisWorker> worker_;
};

} // namespace

std::unique_ptr<EventBus> redis_bus(boost::asio::io_context& loop, redis::Options connection, RedisBusOptions options,
                                    const Subscribers& subscribers, std::unique_ptr<db::Database> database) {
  return std::make_unique<RedisBus>(loop, std::move(connection), std::move(options), subscribers, std::move(database));
}

} // namespace events
