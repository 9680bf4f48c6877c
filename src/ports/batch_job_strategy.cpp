#include "ports/batch_job_strategy.hpp"
#include "ports/provider_table.hpp"

namespace ports {
namespace {

ProviderTable<BatchJobStrategy>& table() {
  static ProviderTable<BatchJobStrategy> strategies("batch job");
  return strategies;
}

} // namespace

void add_batch_job_strategy(std::unique_ptr<BatchJobStrategy> strategy) { table().add(std::move(strategy)); }

const BatchJobStrategy* find_batch_job_strategy(std::string_view type) { return table().find(type); }

std::vector<std::string> batch_job_types() { return table().ids(); }

} // namespace ports
