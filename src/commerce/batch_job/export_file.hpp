// The file that an export writes, and what its job says of it. Owns nothing but the file while it is written.
// Called by the strategies of exports, on the runner's fiber.
#pragma once
#include "ports/batch_job_strategy.hpp"
#include "ports/file_service.hpp"
#include <cstdint>
#include <string_view>

namespace commerce::batch_job {

class ExportFile {
 public:
  // Anew where an earlier attempt has left one. `count`: rows that there will be; `name`: "exports/orders/order-export".
  ExportFile(ports::BatchJobRun& run, std::string_view name, std::string_view head, std::int64_t count);
  // The lines of so many rows more; told.
  void write(std::string_view lines, std::int64_t rows);
  void finish();

 private:
  void put(std::string_view text);
  ports::BatchJobRun& run_;
  std::unique_ptr<ports::Upload> upload_;
  std::int64_t count_, rows_ = 0, size_ = 0;
};

// What an export says that it will do; `what`: "product".
void describe_export(ports::BatchJobRun& run, std::string_view key, std::string_view name, std::string_view message);

} // namespace commerce::batch_job
