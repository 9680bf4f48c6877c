#include "base/terminal.hpp"
#include "base/time.hpp"
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <unistd.h>

namespace base {
namespace {

bool has_colours() {
  const char* refused = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  return on_terminal() && !(refused && *refused) && !(kind && std::string_view(kind) == "dumb");
}

std::string one_decimal(double number, std::string_view unit) {
  char text[48];
  std::snprintf(text, sizeof text, number < 100 ? "%.1f %.*s" : "%.0f %.*s", number, static_cast<int>(unit.size()),
                unit.data());
  return text;
}

} // namespace

bool on_terminal() {
  static const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  return terminal;
}

std::string painted(Colour colour, std::string_view text) {
  static const bool colours = has_colours();
  constexpr std::array<std::string_view, 7> kCodes{"", "2", "1", "31", "32", "33", "36"};
  const std::string_view code = kCodes[static_cast<std::size_t>(colour)];
  if (!colours || code.empty()) return std::string(text);
  std::string out = "\x1b[";
  out += code;
  out += 'm';
  out += text;
  return out + "\x1b[0m";
}

std::string clock_text() {
  const auto time = now().time_since_epoch();
  const auto seconds = static_cast<std::time_t>(std::chrono::duration_cast<std::chrono::seconds>(time).count());
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(time).count() % 1000;
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d.%03d", parts.tm_hour, parts.tm_min, parts.tm_sec,
                static_cast<int>(rest));
  return text;
}

std::string duration_text(std::chrono::steady_clock::duration duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  if (seconds < 0.001) return std::to_string(static_cast<int>(seconds * 1e6)) + " µs";
  if (seconds < 1) return one_decimal(seconds * 1000, "ms");
  if (seconds < 60) return one_decimal(seconds, "s");
  const auto whole = static_cast<long long>(seconds);
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  if (bytes < 1000'000) return one_decimal(static_cast<double>(bytes) / 1000, "kB");
  return one_decimal(static_cast<double>(bytes) / 1000'000, "MB");
}

Progress::Progress(std::string what) : what_(std::move(what)) {
  if (::isatty(STDERR_FILENO) != 0) thread_ = std::thread([this] { show(); });
}

Progress::~Progress() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  end_.notify_one();
  thread_.join();
  if (shown_) std::fputs("\r\x1b[K", stderr);
}

void Progress::tell(std::string_view where) {
  const std::lock_guard lock(mutex_);
  where_ = where;
}

// What is done within a moment needs no line.
void Progress::show() {
  constexpr std::chrono::milliseconds kMoment{400}, kStep{200};
  const auto since = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  if (end_.wait_for(lock, kMoment, [this] { return ended_; })) return;
  do {
    shown_ = true;
    constexpr std::size_t kWidth = 60;
    const std::string line = "\r\x1b[K" + what_ + ": " + duration_text(std::chrono::steady_clock::now() - since) +
                             (where_.empty() ? "" : "   " + where_.substr(0, kWidth));
    std::fputs(line.c_str(), stderr);
    std::fflush(stderr);
  } while (!end_.wait_for(lock, kStep, [this] { return ended_; }));
}

} // namespace base
