// Takes staged events out of the outbox and gives them to the bus. Medusa 1.20: EventBusService.enqueuer_ and StagedJobService.
// Owns: a thread with its event loop, a connection of its own, the bell and the bus. Made, started and stopped by app.
#pragma once
#include "db/options.hpp"
#include "events/bus.hpp"
#include <chrono>
#include <cstdint>

namespace events {

struct OutboxOptions {
  std::int64_t batch = 1000; // rows at once; projectConfig.jobs_batch_size
  // How often rows are looked for that nobody in this process has staged: those of other processes and of a server
  // that died. 1.20 looks for all of them this way.
  std::chrono::milliseconds poll{3000};
  // The pause after a batch, in which the events of many requests gather for the next one.
  std::chrono::milliseconds gather{10};
};

class OutboxReader {
 public:
  // `database` says where the outbox is; one connection is opened.
  OutboxReader(const db::Options& database, MakeBus make_bus, const OutboxOptions& options = {});
  ~OutboxReader(); // stops
  OutboxReader(const OutboxReader&) = delete;
  OutboxReader& operator=(const OutboxReader&) = delete;

  // Delivers from now on: right after each commit of this process that staged events, and what the poll finds. Several
  // servers may do so on one database: a row that one has in hand is skipped by the others. Throws what making the bus throws.
  void start();
  // Ends the batch in hand, delivers what was committed last, and closes the bus. Whether that was done within `bound`;
  // otherwise it is abandoned, and the next server delivers what is left.
  bool stop(std::chrono::milliseconds bound = std::chrono::seconds(8));

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

} // namespace events
