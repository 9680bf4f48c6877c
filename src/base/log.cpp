#include "base/log.hpp"
#include "base/json.hpp"
#include "base/terminal.hpp"
#include "base/time.hpp"
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace base {
namespace {

std::atomic<LogLevel> least_level{LogLevel::info};
std::atomic<int> file{-1};
constexpr std::array<std::string_view, 7> kNames{"silly", "debug", "verbose", "http", "info", "warn", "error"};

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return; // nowhere left to complain
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

Colour colour_of(LogLevel level) {
  if (level == LogLevel::error) return Colour::red;
  if (level == LogLevel::warn) return Colour::yellow;
  return level == LogLevel::info ? Colour::green : Colour::faint;
}

} // namespace

void set_log_level(LogLevel least) { least_level = least; }

LogLevel log_level_named(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); i++)
    if (kNames[i] == name) return static_cast<LogLevel>(i);
  return LogLevel::silly;
}

void set_log_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (fd < 0) throw std::runtime_error("LOG_FILE " + path + ": " + std::strerror(errno));
  file = fd;
}

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (level < least_level.load(std::memory_order_relaxed)) return;
  const bool terminal = on_terminal();
  const auto name = kNames[static_cast<std::size_t>(level)];
  std::string json;
  if (!terminal || file >= 0) {
    JsonWriter w(json);
    w.open_object().key("level").string(name).key("message").string(message);
    for (const auto& [key, value] : fields) w.key(key).string(value);
    w.key("timestamp").string(iso_time(now())).close_object();
    json += '\n';
  }
  if (file >= 0) write_all(file, json);
  if (!terminal) return write_all(STDOUT_FILENO, json);
  std::string line = painted(Colour::faint, clock_text()) + ' ' + painted(colour_of(level), name);
  line.append(8 - name.size(), ' ');
  line += message;
  for (const auto& [key, value] : fields) {
    line += ' ';
    line += painted(Colour::faint, std::string(key) + '=');
    line += value;
  }
  line += '\n';
  write_all(STDOUT_FILENO, line);
}

void log_line(std::string_view text) {
  std::string line(text);
  line += '\n';
  write_all(STDOUT_FILENO, line);
}

} // namespace base
