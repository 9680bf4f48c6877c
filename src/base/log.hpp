// Log lines: for people on a terminal, JSON lines otherwise. Any thread; a line is written with one write().
// Secrets never reach a log line: callers pass what may be seen.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace base {

// Medusa 1.20 (winston's npm levels): a line is printed when its level is at or above LOG_LEVEL.
enum class LogLevel { silly, debug, verbose, http, info, warn, error };

using LogField = std::pair<std::string_view, std::string_view>;

void set_log_level(LogLevel least);
LogLevel log_level_named(std::string_view name); // an unknown name is `silly`, 1.20's default
// Additionally append JSON lines to that file. Throws std::runtime_error when it can't be opened.
void set_log_file(const std::string& path);

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});
inline void log_info(std::string_view m, std::initializer_list<LogField> f = {}) { log(LogLevel::info, m, f); }
inline void log_warn(std::string_view m, std::initializer_list<LogField> f = {}) { log(LogLevel::warn, m, f); }
inline void log_error(std::string_view m, std::initializer_list<LogField> f = {}) { log(LogLevel::error, m, f); }
// A line of text as it is, for the access log.
void log_line(std::string_view line);

} // namespace base
