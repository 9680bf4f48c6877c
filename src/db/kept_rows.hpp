// Rows of the shop's own tables (catalogue, regions, shipping, taxes ...), kept in memory by what they were asked for: most of
// what a cart or a list of products shows is the same for everybody.
//
// A Kept is one question that is asked for keys ("the options of these products"); the rows of each key are kept by
// themselves, with the tables that they come from. Nothing is shown before the log of changes (row_log) was asked in the same
// request: what it names is dropped, so nobody sees less than had been committed when the request began. A row that was read
// while another look dropped rows of its table is used once and not kept.
//
// Owns: the kept rows, a bounded number of bytes of them, those that were not used for longest out first; the snapshot of the
// last look. One for all threads, made by app; asked by query and commerce through their Session, on the request's fiber. Its
// mutex is never held across a wait. docs/decisions/0014-kept-rows.md says why it is so.
#pragma once
#include "base/hash.hpp"
#include "db/row_log.hpp"
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace db {

// A question whose answers are kept. `statement` reads the rows for the keys of its parameter $1, a text[]. Lives as long as the
// process; what is kept is found by its address.
struct Kept {
  Statement statement;
  int key = 0; // the column of the result that says to which key a row belongs
  // Whose changes end what is kept: rows of a table whose `column` holds the key, or any row where `column` is empty.
  struct Source {
    std::string_view table, column;
  };
  std::vector<Source> sources;
};

// Rows in text format, packed. Immutable.
class PackedRows {
 public:
  PackedRows(const Result& result, std::span<const int> rows);
  int rows() const { return rows_; }
  int columns() const { return columns_; }
  // nullopt: null
  std::optional<std::string_view> text(int row, int column) const;
  std::size_t bytes() const { return sizeof *this + text_.capacity() + ends_.capacity() * sizeof(std::uint32_t); }

 private:
  int rows_, columns_;
  std::vector<std::uint32_t> ends_; // of each cell in text_; the highest bit: null
  std::string text_;
};
using PackedRowsPtr = std::shared_ptr<const PackedRows>;
// These columns of all their rows, one after the other.
Result result_of(std::span<const PackedRowsPtr> packed, std::span<const int> columns);

class KeptRows {
 public:
  KeptRows(std::span<const LoggedTable> tables, std::size_t most_bytes);

  // Whether rows of that table are kept at all: whoever changes them in a transaction reads from PostgreSQL until it ends.
  bool watches(std::string_view table) const { return tables_.contains(table); }
  // Whether all that this table's rows depend on is noted: the table, and, where given, that column of it.
  bool watches(std::string_view table, std::string_view column) const;

  // How far what is kept has been confirmed for one request; 0: it has not.
  using Confirmed = std::uint64_t;
  // The question to the log, to be sent ahead of reads, and what comes of its answer: 0 where nothing may be kept or shown now,
  // as when the asking transaction itself has changed such rows.
  Command look();
  Confirmed judge(const Result& result);

  // How much has been heard of by now. What is read later, and kept with it, is no older than that.
  Confirmed clock() const;

  // By key, null where it isn't kept.
  std::vector<PackedRowsPtr> find(const Kept& question, std::span<const std::string> keys);
  // What was read after `clock` of a request that may use them; 0: not to be kept.
  void keep(const Kept& question, const std::string& key, PackedRowsPtr rows, Confirmed clock);

  struct Figures {
    std::size_t entries = 0, bytes = 0;
  };
  Figures figures() const;

 private:
  struct State {
    bool looked = false;
    // server_since: when that PostgreSQL was started. Another one, such as a replica that took its place, may lack what was
    // committed there, and go on with numbers of its own.
    std::string snapshot, server_since, deadline;
  };
  struct Question;
  struct Entry {
    Question* question;
    std::string key;
    PackedRowsPtr rows;
    std::size_t bytes() const;
  };
  using Entries = std::list<Entry>; // used last first
  struct Table {
    std::vector<std::string_view> columns;                    // whose values are noted
    Confirmed changed_at = 0;                                 // when a change of it was last heard of
    std::vector<std::pair<Question*, std::string_view>> ends; // which answers a change of it ends, by which column
  };
  struct Question {
    std::unordered_map<std::string_view, Entries::iterator, base::KeyedHash> by_key; // the entries' own keys
    std::vector<Table*> tables;
  };
  Question& registered(const Kept& kept);
  void change(Table& table, std::string_view key); // "column=value"; empty: any row
  void drop(Question& question);
  void forget_all();
  void drop(Entries::iterator entry);

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  State state_;
  Confirmed clock_ = 1; // counts what was heard of
  std::size_t bytes_ = 0;
  std::map<std::string, Table, std::less<>> tables_; // which there are is fixed; what they hold is under the mutex
  std::unordered_map<const Kept*, Question> questions_;
  Entries entries_;
};

// The rows of some keys while they are put together, of kept ones and of those that had to be asked for.
class PackedRowsOf {
 public:
  PackedRowsOf(const Kept& question, std::vector<std::string> keys);
  void find(KeptRows& rows);
  const std::vector<std::string>& missing() const { return missing_; }
  // Hands the rows of `result` to the keys that were missing, and keeps them (see KeptRows::keep).
  void take(KeptRows& rows, const Result& result, KeptRows::Confirmed clock);
  // All rows, in the order of their keys, each of which counts once: these columns, or all.
  Result result(std::span<const int> columns) const { return result_of(packed_, columns); }
  Result result() const;

 private:
  const Kept* question_;
  std::vector<std::string> keys_, missing_;
  std::vector<PackedRowsPtr> packed_; // by key
};

// Up to where what is kept was confirmed for the running fiber's request; 0: it was not, or not in these rows.
KeptRows::Confirmed confirmed(const KeptRows& rows) noexcept;
void confirm(const KeptRows& rows, KeptRows::Confirmed up_to) noexcept;
// Whether these statements change rows that are kept.
bool changes(const KeptRows& rows, const std::vector<Command>& commands);
// The request has changed such rows, or somebody has on its behalf: what it reads next is to be confirmed anew.
void forget_confirmation() noexcept;

} // namespace db
