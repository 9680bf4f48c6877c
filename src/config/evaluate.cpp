#include "config/evaluate.hpp"
#include "base/strings.hpp"
#include "config/config.hpp"
#include "config/logins.hpp"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace config {
namespace {
using base::Json;

constexpr std::size_t kLargestAnswer = 16u << 20;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr int kPatience = 60; // seconds; a configuration that waits for something is a mistake

// Runs in `node`, in the project's folder. Answers on descriptor 3, since the file may print to the others.
constexpr const char* kScript = R"js(
const fs = require("fs");
const file = process.argv[1];
const before = { ...process.env };
const answer = (value) => {
  const bytes = Buffer.from(JSON.stringify(value));
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(3, bytes, at);
  process.exit(0);
};
// What two functions of drivers would say, since nobody can ask them later: whether any host's certificate is accepted,
// and how long to wait before reconnecting.
const questions = {
  checkServerIdentity: (f) => f("stheno.invalid", { subject: { CN: "other.invalid" }, subjectaltname: "DNS:other.invalid" }) == null,
  retryStrategy: (f) => Array.from({ length: 20 }, (_, index) => f(index + 1)),
};
const asked = (name, f) => {
  try { return Object.hasOwn(questions, name) ? questions[name](f) : undefined; } catch { return undefined; }
};
const plain = (value, path, name) => {
  if (value === undefined) return { $type: "undefined" };
  if (typeof value === "function") {
    const type = value.constructor?.name === "AsyncFunction" ? "async function" : "function";
    return { $type: type, name: value.name, answer: asked(name, value) };
  }
  if (Buffer.isBuffer(value)) return value.toString();
  if (value instanceof Promise || (value && typeof value.then === "function")) return { $type: "promise" };
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "symbol") return undefined;
  if (value === null || typeof value !== "object") return value;
  if (value instanceof RegExp) return { $type: "RegExp", source: value.source, flags: value.flags };
  if (path.includes(value)) return { $type: "circular" };
  if (typeof value.toJSON === "function") return value.toJSON();
  const within = [...path, value];
  if (Array.isArray(value)) return value.map((item) => plain(item, within) ?? null);
  if (value instanceof Map || value instanceof Set) return plain([...value], path);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item, within, name)]));
};
const failed = (error) => {
  const stack = String((error && error.stack) || "");
  const lines = stack.split("\n");
  const places = lines.map((line) => line.match(/(?:\(|at |^)(?:file:\/\/)?(\/[^()]*?):(\d+)(?::(\d+))?\)?$/));
  const at = places.findIndex((found) => found && !found[1].includes("/node_modules/"));
  const own = places[at];
  // Of a syntax error, node shows the line and carets below it, and names no column.
  const caret = own && !own[3] && /^ *\^/.test(lines[at + 2] || "") ? lines[at + 2].indexOf("^") + 1 : 0;
  const message = error instanceof Error ? String(error.message).split("\nRequire stack:")[0] : "threw " + String(error);
  answer({ error: { name: (error && error.name) || "Error", message, code: error && error.code,
    file: own ? own[1] : file, line: own ? Number(own[2]) : 0, column: own && own[3] ? Number(own[3]) : caret } });
};
process.on("uncaughtException", failed);
process.argv = [process.argv[0], file];
try {
  const loaded = require(file);
  const exported = loaded && typeof loaded.default === "object" && loaded.default !== null ? loaded.default : loaded;
  const environment = Object.entries(process.env).filter(([name, value]) => before[name] !== value);
  answer({ exported: plain(exported, []) ?? null, environment });
} catch (error) {
  failed(error);
}
)js";

// Medusa 1.20: get-config-file.ts, by Node's own order of names.
std::optional<std::string> find_file(const std::string& project) {
  for (const char* name :
       {"medusa-config.js", "medusa-config.json", "medusa-config/index.js", "medusa-config/index.json"}) {
    const std::string path = project + "/" + name;
    std::error_code failure;
    if (std::filesystem::is_regular_file(path, failure)) return path;
  }
  return {};
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw ConfigError(path + ": it can't be read: " + std::strerror(errno));
  return {std::istreambuf_iterator<char>(file), {}};
}

bool may_hold_secret(const std::string& line) {
  const std::string lower = base::lower(line);
  constexpr std::string_view kWords[] = {"secret", "pass", "token", "key", "url", "://", "auth", "dsn", "credential"};
  return std::any_of(std::begin(kWords), std::end(kWords), [&](auto word) { return lower.find(word) != lower.npos; });
}

// What stands in quotes in a line that may hold a secret doesn't belong into a log: all between the first quote and the last,
// since a quote too many may be a part of it, and all behind an odd one.
std::string without_secrets(std::string line) {
  if (!may_hold_secret(line)) return line;
  constexpr std::string_view kQuotes = "\"'`";
  const auto quotes = std::count_if(line.begin(), line.end(), [&](char c) { return kQuotes.find(c) != kQuotes.npos; });
  if (quotes == 0) return line;
  const auto last = quotes % 2 == 0 ? line.find_last_of(kQuotes) : line.size();
  for (auto at = line.find_first_of(kQuotes) + 1; at < last; ++at) line[at] = '*';
  return line;
}

// JavaScript's own errors of syntax name the word that is too much: "Unexpected identifier 'rest'".
std::string without_words(const std::string& message) {
  const auto from = message.find(" '"), to = message.rfind('\'');
  const bool word =
      from != message.npos && to > from + 2 && std::isalnum(static_cast<unsigned char>(message[from + 2]));
  return word ? message.substr(0, from) + message.substr(to + 1) : message;
}

std::string line_of(const std::string& file, int number) {
  std::ifstream text(file);
  std::string line;
  for (int i = 0; i < number; ++i)
    if (!std::getline(text, line)) return {};
  return line;
}

// The line with a caret below the column.
std::string excerpt(const std::string& file, int number, int column) {
  constexpr std::size_t kWidest = 160;
  const std::string line = line_of(file, number);
  if (number < 1 || column < 1 || line.size() > kWidest || static_cast<std::size_t>(column) > line.size() + 1)
    return {};
  const std::string shown = std::to_string(number);
  std::string below(static_cast<std::size_t>(column - 1), ' ');
  for (std::size_t i = 0; i < below.size(); ++i)
    if (line[i] == '\t') below[i] = '\t';
  return "\n  " + shown + " | " + without_secrets(line) + "\n  " + std::string(shown.size(), ' ') + " | " + below + "^";
}

[[noreturn]] void refuse(const std::string& file, int line, int column, const std::string& message) {
  Finding finding;
  finding.place = {file, line, column};
  finding.message = message + excerpt(file, line, column);
  throw ConfigError({finding});
}

Json parse_file(const std::string& path) {
  std::string text = read_file(path);
  // As Node reads JSON.
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  try {
    return base::parse_json(text);
  } catch (const base::JsonParseError& e) {
    const std::string_view before = std::string_view(text).substr(0, e.offset);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto column = before.size() - (before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1) + 1;
    refuse(path, static_cast<int>(line), static_cast<int>(column), e.what());
  }
}

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw ConfigError(std::string("no pipe: ") + std::strerror(errno));
    read = ends[0], write = ends[1];
  }
  ~Pipe() {
    ::close(read);
    close_write();
  }
  void close_write() {
    if (write >= 0) ::close(write);
    write = -1;
  }
};

// What the project's environment files say, the first of them that counts first: each is set only where it is not yet.
Variables environment_for(const std::string& project) {
  Variables all;
  for (EnvironmentFile& file : environment_files(project))
    all.insert(all.end(), std::make_move_iterator(file.variables.begin()),
               std::make_move_iterator(file.variables.end()));
  return all;
}

[[noreturn]] void become_node(const std::string& project, const std::string& file, const Variables& variables,
                              int answer, int failure) {
  // Descriptor 3 without close-on-exec; dup2 onto itself would keep the flag.
  if (answer == 3)
    ::fcntl(3, F_SETFD, 0);
  else {
    if (failure == 3) failure = ::fcntl(failure, F_DUPFD_CLOEXEC, 4);
    ::dup2(answer, 3);
  }
  for (const NamedValue& v : variables) ::setenv(v.name.c_str(), v.value.c_str(), 0);
  ::signal(SIGPIPE, SIG_DFL);
  if (::chdir(project.c_str()) == 0) ::execlp("node", "node", "-e", kScript, file.c_str(), nullptr);
  const int reason = errno;
  if (::write(failure, &reason, sizeof reason) < 0) {
  }
  ::_exit(127);
}

// Everything up to the end of the stream, or nothing when it is too long or late.
std::optional<std::string> read_all(int descriptor) {
  std::string text;
  char buffer[65536];
  pollfd ready{descriptor, POLLIN, 0};
  for (;;) {
    const int polled = ::poll(&ready, 1, kPatience * 1000);
    if (polled < 0 && errno == EINTR) continue;
    if (polled <= 0) return {};
    const auto got = ::read(descriptor, buffer, sizeof buffer);
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 || text.size() + static_cast<std::size_t>(got) > kLargestAnswer) return {};
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

[[noreturn]] void explain(const std::string& file, const Json& error) {
  const auto text = [&](const char* name, const std::string& fallback) {
    return error[name].is_string() ? error[name].as_string() : fallback;
  };
  const auto number = [&](const char* name) {
    return error[name].is_integer() ? static_cast<int>(error[name].as_int()) : 0;
  };
  std::string message = text("name", "Error") + ": " + without_logins(text("message", ""));
  if (error["name"] == Json("SyntaxError") && may_hold_secret(line_of(text("file", file), number("line"))))
    message = without_words(message);
  if (error["code"] == Json("MODULE_NOT_FOUND")) message += " (are the project's packages installed?)";
  if (message.find("Cannot use import statement") != message.npos ||
      message.find("Unexpected token 'export'") != message.npos || error["code"] == Json("ERR_REQUIRE_ESM"))
    message += " (1.20 reads CommonJS: require() and module.exports)";
  refuse(text("file", file), number("line"), number("column"), message);
}

Evaluated run_node(const std::string& project, const std::string& file) {
  const Variables variables = environment_for(project);
  Pipe answer, failure;
  const pid_t child = ::fork();
  if (child < 0) throw ConfigError(std::string("no process for node: ") + std::strerror(errno));
  if (child == 0) become_node(project, file, variables, answer.write, failure.write);
  answer.close_write();
  failure.close_write();
  const auto text = read_all(answer.read);
  if (!text) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  int reason = 0;
  if (::read(failure.read, &reason, sizeof reason) == sizeof reason)
    throw ConfigError(file + ": `node` can't be started to evaluate it: " + std::strerror(reason) +
                      "; install Node.js 18 or newer, or write medusa-config.json, which needs none");
  if (!text) throw ConfigError(file + ": it has not ended within " + std::to_string(kPatience) + " seconds");
  if (text->empty())
    throw ConfigError(file + ": it ended the process with " +
                      (WIFEXITED(status) ? "code " + std::to_string(WEXITSTATUS(status))
                                         : "signal " + std::to_string(WTERMSIG(status))) +
                      " before it had exported anything");
  Json answered = base::parse_json(*text);
  if (answered.has("error")) explain(file, answered["error"]);
  Evaluated evaluated{file, answered["exported"], {}};
  for (const Json& pair : answered["environment"].as_array())
    evaluated.environment.push_back({pair.as_array()[0].as_string(), pair.as_array()[1].as_string()});
  return evaluated;
}
} // namespace

Evaluated evaluate(const std::string& project) {
  const auto file = find_file(project);
  if (!file) {
    std::string beside;
    for (const auto& [name, remedy] :
         {std::pair{"medusa-config.ts", "must be compiled to one of them, as for 1.20"},
          std::pair{"medusa-config.mjs",
                    "is read by neither server: make it medusa-config.js, with require() and module.exports"},
          std::pair{"medusa-config.cjs", "is read by neither server: call it medusa-config.js"}})
      if (std::filesystem::exists(project + "/" + name)) beside += "; " + std::string(name) + " " + remedy;
    throw ConfigError(project + ": there is no medusa-config.js or medusa-config.json in this folder" + beside);
  }
  if (file->ends_with(".json")) return {*file, parse_file(*file), {}};
  return run_node(project, *file);
}

} // namespace config
