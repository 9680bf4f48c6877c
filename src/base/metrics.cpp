#include "base/metrics.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <mutex>
#include <new>

namespace base::metrics {
namespace {

struct List {
  std::mutex mutex;
  std::vector<const Metric*> metrics;
};
// Made by the first metric, so that it outlives them all.
List& list() {
  static List all;
  return all;
}

// The numbers of threads that have ended are given to later ones, which go on in the same cells.
struct Numbers {
  std::mutex mutex;
  std::vector<unsigned> free;
  unsigned next = 0;
};
Numbers& numbers() {
  static auto* all = new Numbers; // threads may end after everything static has
  return *all;
}

struct Number {
  const unsigned most, value;
  explicit Number(unsigned shared) : most(shared), value(take(shared)) {}
  ~Number() {
    if (value == most) return;
    const std::lock_guard lock(numbers().mutex);
    numbers().free.push_back(value);
  }
  static unsigned take(unsigned shared) {
    const std::lock_guard lock(numbers().mutex);
    auto& [mutex, free, next] = numbers();
    if (free.empty()) return next < shared ? next++ : shared;
    const unsigned number = free.back();
    free.pop_back();
    return number;
  }
};

// The upper bounds of a histogram's buckets. A read of what is kept takes a tenth of a millisecond, a checkout twenty.
struct Bound {
  std::string_view text; // in seconds
  std::chrono::nanoseconds value;
};
using std::chrono::microseconds;
constexpr std::array<Bound, 14> kBounds{{{"0.0005", microseconds(500)},
                                         {"0.001", microseconds(1'000)},
                                         {"0.0025", microseconds(2'500)},
                                         {"0.005", microseconds(5'000)},
                                         {"0.01", microseconds(10'000)},
                                         {"0.025", microseconds(25'000)},
                                         {"0.05", microseconds(50'000)},
                                         {"0.1", microseconds(100'000)},
                                         {"0.25", microseconds(250'000)},
                                         {"0.5", microseconds(500'000)},
                                         {"1", microseconds(1'000'000)},
                                         {"2.5", microseconds(2'500'000)},
                                         {"5", microseconds(5'000'000)},
                                         {"10", microseconds(10'000'000)}}};
constexpr std::size_t kInfinity = kBounds.size(), kSum = kInfinity + 1, kCellsEach = kSum + 1;

void append(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
    return;
  }
  char text[32];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}
void append(std::string& out, std::uint64_t value) { out += std::to_string(value); }
void append(std::string& out, std::int64_t value) { out += std::to_string(value); }

template<class Value>
void sample(std::string& out, std::string_view name, std::string_view suffix, std::string_view labels, Value value) {
  out.append(name).append(suffix);
  if (!labels.empty()) out.append(1, '{').append(labels).append(1, '}');
  out += ' ';
  append(out, value);
  out += '\n';
}

std::string_view name_of(Metric::Kind kind) {
  switch (kind) {
  case Metric::Kind::counter: return "counter";
  case Metric::Kind::histogram: return "histogram";
  case Metric::Kind::gauge: break;
  }
  return "gauge";
}

} // namespace

std::string label(std::string_view name, std::string_view value) {
  std::string text(name);
  text += "=\"";
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? "\\n" : std::string(1, c);
  }
  return text += '"';
}

Metric::Metric(Kind kind_, Description description_) : kind(kind_), description(description_) {
  const std::lock_guard lock(list().mutex);
  list().metrics.push_back(this);
}

Metric::~Metric() {
  const std::lock_guard lock(list().mutex);
  std::erase(list().metrics, this);
}

Cells::~Cells() {
  for (auto& block : blocks_) delete[] block.load();
}

unsigned Cells::number_of_this_thread() noexcept {
  thread_local const Number number(kShared);
  return number.value;
}

// With a line of the processor's cache behind it, so that no other thread writes near it.
Cells::Cell* Cells::make(unsigned thread) noexcept {
  constexpr std::size_t kLine = 64 / sizeof(Cell);
  auto* made = new Cell[(count_ + kLine - 1) / kLine * kLine + kLine]{};
  Cell* none = nullptr;
  if (blocks_[thread].compare_exchange_strong(none, made, std::memory_order_acq_rel)) return made;
  delete[] made; // of the shared number: another thread was first
  return none;
}

std::uint64_t Cells::sum(std::size_t cell) const noexcept {
  std::uint64_t all = 0;
  for (const auto& block : blocks_)
    if (const Cell* cells = block.load(std::memory_order_acquire)) all += cells[cell].load(std::memory_order_relaxed);
  return all;
}

Counter::Counter(Description description_, std::vector<std::string> labels, Unused unused)
    : Metric(Kind::counter, description_), labels_(std::move(labels)), unused_(unused), cells_(labels_.size()) {}

void Counter::print(std::string& out) const {
  for (std::size_t i = 0; i < labels_.size(); i++) {
    const auto value = cells_.sum(i);
    if (value > 0 || unused_ == Unused::told) sample(out, description.name, "", labels_[i], value);
  }
}

Level::Level(Description description_, std::vector<std::string> labels)
    : Metric(Kind::gauge, description_), labels_(std::move(labels)), cells_(labels_.size()) {}

void Level::print(std::string& out) const {
  for (std::size_t i = 0; i < labels_.size(); i++)
    sample(out, description.name, "", labels_[i], static_cast<std::int64_t>(cells_.sum(i)));
}

Durations::Durations(Description description_, std::vector<std::string> labels, Unused unused)
    : Metric(Kind::histogram, description_), labels_(std::move(labels)), unused_(unused),
      cells_(labels_.size() * kCellsEach) {}

void Durations::add(std::size_t series, std::chrono::nanoseconds duration) noexcept {
  std::size_t bucket = 0;
  while (bucket < kBounds.size() && duration > kBounds[bucket].value) bucket++;
  cells_.add(series * kCellsEach + bucket, 1);
  cells_.add(series * kCellsEach + kSum, static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0)));
}

void Durations::print(std::string& out) const {
  for (std::size_t i = 0; i < labels_.size(); i++) {
    std::uint64_t count = 0;
    std::string buckets;
    const std::string before = labels_[i] + (labels_[i].empty() ? "" : ",");
    for (std::size_t bucket = 0; bucket <= kInfinity; bucket++) {
      count += cells_.sum(i * kCellsEach + bucket);
      sample(buckets, description.name, "_bucket",
             before + label("le", bucket == kInfinity ? "+Inf" : kBounds[bucket].text), count);
    }
    if (count == 0 && unused_ == Unused::left_out) continue;
    out += buckets;
    constexpr double kNanoseconds = 1e9;
    sample(out, description.name, "_sum", labels_[i],
           static_cast<double>(cells_.sum(i * kCellsEach + kSum)) / kNanoseconds);
    sample(out, description.name, "_count", labels_[i], count);
  }
}

Reading::Reading(Kind kind_, Description description_, std::function<Samples()> read)
    : Metric(kind_, description_), read_(std::move(read)) {}

void Reading::print(std::string& out) const {
  for (const auto& [labels, value] : read_()) sample(out, description.name, "", labels, value);
}

std::string text() {
  // The lock is held while they print, so that none ends meanwhile; counting doesn't need it.
  const std::lock_guard lock(list().mutex);
  auto sorted = list().metrics;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* a, const auto* b) { return a->description.name < b->description.name; });
  std::string out;
  std::string_view before;
  for (const Metric* metric : sorted) {
    std::string samples;
    metric->print(samples);
    if (samples.empty()) continue;
    const auto& [name, help] = metric->description;
    // Of one name are those of two objects that count the same.
    if (std::exchange(before, name) == name) {
      out += samples;
      continue;
    }
    out.append("# HELP ").append(name).append(1, ' ').append(help).append("\n# TYPE ").append(name);
    out.append(1, ' ').append(name_of(metric->kind)).append(1, '\n').append(samples);
  }
  return out;
}

} // namespace base::metrics
