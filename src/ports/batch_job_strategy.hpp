// Whoever knows how to do batch jobs of one type, and the table of those that are installed.
// Owns: the table, filled at start by app and read-only afterwards (any thread). `prepare` runs on the fiber of the
// request that makes the job, inside its transaction; the rest on the runner's fiber. Medusa 1.20: AbstractBatchJobStrategy.
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ports {

// One job at work.
struct BatchJobRun {
  Call& call; // in the job's own transaction, which becomes true with the job's next state, or not at all
  const std::string id;
  base::Json context, result; // as the job has them; what a step leaves here is kept with the job's next state
  // Shows how far the job is: keeps `result` as it is now, whatever becomes of the transaction. Called for each page; throws
  // where the job was canceled or the server stops, which the strategy lets pass.
  std::function<void()> tell;
  // Keys of files that nobody needs any more once the step has been done.
  std::vector<std::string> used_up{};
};

class BatchJobStrategy {
 public:
  virtual ~BatchJobStrategy() = default;
  virtual std::string_view id() const = 0; // the type of its jobs: "product-import"
  // The job (type, context, dry_run) as it shall be kept; throws what is wrong with it.
  virtual base::Json prepare(Call&, base::Json job) const { return job; }
  // Looks at what there is to do, and says it in the job's context and result.
  virtual void pre_process(BatchJobRun&) const {}
  // Does it. A server that is killed meanwhile leaves nothing of it but files: it is done anew.
  virtual void process(BatchJobRun& run) const = 0;
  // Whether process() reads one state of the shop, and writes nothing there.
  virtual bool only_reads() const = 0;
};

void add_batch_job_strategy(std::unique_ptr<BatchJobStrategy> strategy);
// Null where nothing handles jobs of that type.
const BatchJobStrategy* find_batch_job_strategy(std::string_view type);
// The types that something handles.
std::vector<std::string> batch_job_types();

} // namespace ports
