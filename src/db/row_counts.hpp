// How many rows a list has in all, kept: a page of 1.20's lists shows it, and it takes PostgreSQL longer than the page does, the
// longer the larger the shop is. RowCounts has all rows of large tables, until rows come or go. ListCounts has those of the
// catalogue that match a filter, until something of it changes.
// Owns: the numbers, and a ChangeLog a table that confirms those of RowCounts for each read; who uses ListCounts has asked
// already. One of each for all threads, made by app; asked by query::read() on the request's fiber.
#pragma once
#include "base/hash.hpp"
#include "db/change_log.hpp"
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

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

class ListCounts {
 public:
  // `what`: the statement that counts, with its values.
  std::optional<std::int64_t> find(const std::string& what, ChangeLog::Generation generation);
  void keep(std::string what, ChangeLog::Generation generation, std::int64_t count);

 private:
  void enter(ChangeLog::Generation generation);
  std::mutex mutex_;
  ChangeLog::Generation generation_ = 0;
  std::unordered_map<std::string, std::int64_t, base::KeyedHash> counts_;
};

// What a read may take from here instead of counting.
struct Counts {
  RowCounts* rows = nullptr;
  ListCounts* lists = nullptr;
  ChangeLog::Generation generation = 0; // of what `lists` may show; confirmed for this request
};

} // namespace db
