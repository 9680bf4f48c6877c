// How many rows large tables hold, kept until rows come or go: a page of 1.20's lists shows the count of all rows, which
// takes PostgreSQL longer than the page does, and the longer the more orders a shop has.
// Owns: a number a table, and the ChangeLog that confirms it for each read. One for all threads, made by app; asked by
// query::read() on the request's fiber.
#pragma once
#include "db/change_log.hpp"
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>

namespace db {

class RowCounts {
 public:
  // The tables are watched (install_change_log, Watch::which_rows).
  explicit RowCounts(std::span<const std::string_view> tables);

  class Table {
   public:
    explicit Table(std::string_view table) : name(table), log(table, "NULL::timestamptz") {}
    std::optional<std::int64_t> find(ChangeLog::Generation generation);
    void keep(ChangeLog::Generation generation, std::int64_t count);
    const std::string_view name;
    ChangeLog log;

   private:
    std::mutex mutex_;
    ChangeLog::Generation generation_ = 0;
    std::int64_t count_ = 0;
  };
  // The count of all rows of that table that are not deleted; null where it isn't watched.
  Table* of(std::string_view table);

 private:
  std::deque<Table> tables_;
};

} // namespace db
