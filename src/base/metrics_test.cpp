#include "base/metrics.hpp"
#include <doctest/doctest.h>
#include <thread>

using namespace base::metrics;
using std::chrono::milliseconds;

namespace {
// What text() says of one metric.
std::string told(const Metric& metric) {
  std::string out;
  metric.print(out);
  return out;
}
} // namespace

TEST_CASE("a counter adds up what each thread has counted, also one that has ended") {
  Counter counter({"test_total", "For the test."}, {label("kind", "a"), label("kind", "b")});
  CHECK(told(counter) == "test_total{kind=\"a\"} 0\ntest_total{kind=\"b\"} 0\n");
  // More than there are numbers: some share one.
  std::vector<std::thread> threads;
  for (int i = 0; i < 100; i++)
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; j++) counter.add(1);
    });
  for (auto& thread : threads) thread.join();
  counter.add(0, 7);
  std::thread([&] { counter.add(0, 1); }).join();
  CHECK(told(counter) == "test_total{kind=\"a\"} 8\ntest_total{kind=\"b\"} 100000\n");
}

TEST_CASE("a level falls on another thread than it rose on") {
  Level level({"test_level", "For the test."});
  level.rise(0, 5);
  std::thread([&] { level.fall(0, 7); }).join();
  CHECK(told(level) == "test_level -2\n");
  level.rise(0, 2);
  CHECK(told(level) == "test_level 0\n");
}

TEST_CASE("a histogram's buckets hold what is at most their bound, and each those before it") {
  Durations durations({"test_seconds", "For the test."}, {label("route", "/a"), label("route", "/b")});
  CHECK(told(durations).empty());
  durations.add(1, milliseconds(1));
  durations.add(1, milliseconds(1) + std::chrono::nanoseconds(1));
  durations.add(1, milliseconds(60'000));
  const std::string text = told(durations);
  CHECK(text.find("/a") == std::string::npos);
  CHECK(text.find("test_seconds_bucket{route=\"/b\",le=\"0.0005\"} 0\n") != std::string::npos);
  CHECK(text.find("test_seconds_bucket{route=\"/b\",le=\"0.001\"} 1\n") != std::string::npos);
  CHECK(text.find("test_seconds_bucket{route=\"/b\",le=\"0.0025\"} 2\n") != std::string::npos);
  CHECK(text.find("test_seconds_bucket{route=\"/b\",le=\"10\"} 2\n") != std::string::npos);
  CHECK(text.find("test_seconds_bucket{route=\"/b\",le=\"+Inf\"} 3\n") != std::string::npos);
  CHECK(text.find("test_seconds_sum{route=\"/b\"} 60.002000001\n") != std::string::npos);
  CHECK(text.find("test_seconds_count{route=\"/b\"} 3\n") != std::string::npos);
}

TEST_CASE("labels are escaped; the text names each metric once, sorted, and one that has ended no more") {
  CHECK(label("a", "x\\y\"z\n") == "a=\"x\\\\y\\\"z\\n\"");
  {
    Reading later(Metric::Kind::gauge, {"test_z", "Last."}, [] { return Reading::Samples{{"", 0.5}}; });
    Counter counter({"test_a_total", "First."});
    const Reading nothing(Metric::Kind::gauge, {"test_m", "Nothing to tell."}, [] { return Reading::Samples{}; });
    const std::string all = text();
    const auto first = all.find("# HELP test_a_total First.\n# TYPE test_a_total counter\ntest_a_total 0\n");
    const auto last = all.find("# HELP test_z Last.\n# TYPE test_z gauge\ntest_z 0.5\n");
    CHECK(first != std::string::npos);
    CHECK(last != std::string::npos);
    CHECK(first < last);
    CHECK(all.find("test_m") == std::string::npos);
  }
  CHECK(text().find("test_a_total") == std::string::npos);
}
