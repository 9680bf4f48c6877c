// Figures of what the server does, for Prometheus: counters, levels, histograms, and what can only be said when asked.
// A room owns its metrics as static rows beside the code that counts, or as members of what it makes; each says its name, its
// help and its labels once. Counting is for any thread: each has cells of its own, so it costs a load and a store, no lock and
// no string. text() adds the cells up when somebody asks.
// Owns: the list of all metrics, and the cells.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base::metrics {

struct Description {
  std::string_view name; // "stheno_database_statements_total"; must outlive the metric
  std::string_view help; // one sentence
};

// `name="value"`, as it stands in the text; several are joined by commas.
std::string label(std::string_view name, std::string_view value);

class Metric {
 public:
  enum class Kind { counter, gauge, histogram };

  Metric(Kind kind, Description description);
  virtual ~Metric();
  Metric(const Metric&) = delete;
  Metric& operator=(const Metric&) = delete;

  const Kind kind;
  const Description description;
  // Appends its samples. Must not wait: the list is locked meanwhile.
  virtual void print(std::string& out) const = 0;
};

// Numbers that many threads count up, each in cells of its own.
class Cells {
 public:
  explicit Cells(std::size_t count) : count_(count) {}
  ~Cells();
  Cells(const Cells&) = delete;
  Cells& operator=(const Cells&) = delete;

  void add(std::size_t cell, std::uint64_t amount) noexcept {
    const unsigned thread = number_of_this_thread();
    Cell* cells = blocks_[thread].load(std::memory_order_acquire);
    if (!cells) cells = make(thread);
    // Only this thread writes here, but for those that came when all numbers were taken.
    if (thread != kShared)
      cells[cell].store(cells[cell].load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    else
      cells[cell].fetch_add(amount, std::memory_order_relaxed);
  }
  std::uint64_t sum(std::size_t cell) const noexcept;

 private:
  using Cell = std::atomic<std::uint64_t>;
  static constexpr unsigned kShared = 63;
  static unsigned number_of_this_thread() noexcept;
  Cell* make(unsigned thread) noexcept;

  const std::size_t count_;
  std::array<std::atomic<Cell*>, kShared + 1> blocks_{};
};

// Whether a series that has counted nothing is told. Many series of which few are ever used are better left out.
enum class Unused { told, left_out };

// What only grows.
class Counter final : public Metric {
 public:
  explicit Counter(Description description) : Counter(description, {""}) {}
  // A series for each text of labels.
  Counter(Description description, std::vector<std::string> labels, Unused unused = Unused::told);
  void add(std::size_t series = 0, std::uint64_t amount = 1) noexcept { cells_.add(series, amount); }
  void print(std::string& out) const override;

 private:
  const std::vector<std::string> labels_;
  const Unused unused_;
  Cells cells_;
};

// What there is at the moment, told by whoever makes and ends it.
class Level final : public Metric {
 public:
  explicit Level(Description description) : Level(description, {""}) {}
  Level(Description description, std::vector<std::string> labels);
  void rise(std::size_t series = 0, std::uint64_t amount = 1) noexcept { cells_.add(series, amount); }
  // Perhaps on another thread than the one on which it rose.
  void fall(std::size_t series = 0, std::uint64_t amount = 1) noexcept { cells_.add(series, ~amount + 1); }
  void print(std::string& out) const override;

 private:
  const std::vector<std::string> labels_;
  Cells cells_;
};

// How long something took, in seconds.
class Durations final : public Metric {
 public:
  Durations(Description description, std::vector<std::string> labels, Unused unused = Unused::left_out);
  void add(std::size_t series, std::chrono::nanoseconds duration) noexcept;
  void print(std::string& out) const override;

 private:
  const std::vector<std::string> labels_;
  const Unused unused_;
  Cells cells_;
};

// What is looked up when somebody asks: the size of something kept, the age of a row. A room that has such figures registers
// them by making one of these; it must end before what it reads.
class Reading final : public Metric {
 public:
  struct Sample {
    std::string labels;
    double value = 0;
  };
  using Samples = std::vector<Sample>;
  Reading(Kind kind, Description description, std::function<Samples()> read);
  void print(std::string& out) const override;

 private:
  const std::function<Samples()> read_;
};

// All metrics in Prometheus' text format, sorted by name.
std::string text();

} // namespace base::metrics
