// Whoever knows how to do batch jobs of one type, and the table of those that are installed.
// Owns: the table, filled at start by app and read-only afterwards (any thread). `prepare` runs on the fiber of the
// request that makes the job, inside its transaction. Medusa 1.20: AbstractBatchJobStrategy.
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"
#include <memory>
#include <string_view>
#include <utility>

namespace ports {

class BatchJobStrategy {
 public:
  virtual ~BatchJobStrategy() = default;
  virtual std::string_view id() const = 0; // the type of its jobs: "product-import"
  // The job (type, context, dry_run) as it shall be kept; throws what is wrong with it.
  virtual base::Json prepare(Call&, base::Json job) const { return job; }
};

void add_batch_job_strategy(std::unique_ptr<BatchJobStrategy> strategy);
// Null where nothing handles jobs of that type.
const BatchJobStrategy* find_batch_job_strategy(std::string_view type);

} // namespace ports
