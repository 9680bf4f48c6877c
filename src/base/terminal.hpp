// Output for people: whether somebody looks at it on a terminal, its colours, and a line that tells how long work goes on. Owns the
// thread that rewrites such a line. Any thread; Progress is used by the thread that made it.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace base {

// Whether standard output is a terminal.
bool on_terminal();

enum class Colour { plain, faint, bold, red, green, yellow, cyan };
// The text in that colour. As it is where nobody looks, where the terminal has no colours, and where NO_COLOR says anything
// (https://no-color.org).
std::string painted(Colour colour, std::string_view text);

// The time of the day here: "14:05:09.123".
std::string clock_text();
// "850 µs", "12.3 ms", "4.2 s", "3 min 20 s".
std::string duration_text(std::chrono::steady_clock::duration duration);
// "812 B", "12.3 kB", "4.0 MB".
std::string size_text(std::uint64_t bytes);

// Work that takes longer than one likes to wait in silence: where standard error is a terminal, a line there says what is done, for
// how long, and how far it is; it is gone when the work is. Elsewhere nothing is said.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  // How far it is, in few words.
  void tell(std::string_view where);

 private:
  void show();
  std::string what_, where_;
  bool shown_ = false, ended_ = false;
  std::mutex mutex_;
  std::condition_variable end_;
  std::thread thread_;
};

} // namespace base
