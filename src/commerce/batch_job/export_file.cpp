#include "commerce/batch_job/export_file.hpp"
#include "base/time.hpp"
#include <chrono>

namespace commerce::batch_job {

using base::Json;

ExportFile::ExportFile(ports::BatchJobRun& run, std::string_view name, std::string_view head, std::int64_t count)
    : run_(run), count_(count) {
  const auto& files = ports::file_service();
  if (const Json& earlier = run.result["file_key"]; earlier.is_string()) files.remove(run.call, earlier.as_string());
  const auto now = std::chrono::floor<std::chrono::milliseconds>(base::now()).time_since_epoch().count();
  upload_ =
      files.open_upload(run.call, std::string(name) + "-" + std::to_string(now) + ".csv", ports::Readers::with_a_link);
  put(head);
  run.result.set("file_key", upload_->key());
  run.result.set("file_size", size_);
  run.tell();
}

void ExportFile::put(std::string_view text) {
  upload_->write(text);
  size_ += static_cast<std::int64_t>(text.size());
}

void ExportFile::write(std::string_view lines, std::int64_t rows) {
  put(lines);
  rows_ += rows;
  run_.result.set("file_size", size_);
  run_.result.set("count", count_);
  run_.result.set("advancement_count", rows_);
  run_.result.set("progress", static_cast<double>(rows_) / static_cast<double>(count_));
  run_.tell();
}

void ExportFile::finish() { upload_->finish(); }

void describe_export(ports::BatchJobRun& run, std::string_view key, std::string_view name, std::string_view message) {
  Json list = Json::array();
  list.push_back(base::JsonObject{{"key", key}, {"name", name}, {"message", message}});
  run.result.set("stat_descriptors", std::move(list));
}

} // namespace commerce::batch_job
