#include "config/evaluate.hpp"
#include "base/json_text.hpp"
#include "base/strings.hpp"
#include "config/config.hpp"
#include "config/logins.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace config {
namespace {
using base::Json;

constexpr std::size_t kLargestAnswer = 16u << 20;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kMostPrinted = 256u << 10;
constexpr std::chrono::seconds kPatience{30}; // a configuration that waits for something is a mistake

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
  std::error_code unknown;
  if (std::filesystem::file_size(path, unknown) > kLargestAnswer && !unknown)
    throw ConfigError(path + ": it is larger than 16 MB, which no configuration is");
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

// The signals that would end this process, which must end `node` with it: they are read from a descriptor meanwhile.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT}) {
      struct sigaction action {};
      ::sigaction(signal, nullptr, &action);
      if (action.sa_handler != SIG_IGN) sigaddset(&signals, signal); // as nohup has it
    }
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
    descriptor_ = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  ~HeldSignals() { release(); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  int descriptor() const { return descriptor_; }
  const sigset_t& before() const { return before_; }
  // What has come, or 0.
  int take() const {
    signalfd_siginfo info{};
    return ::read(descriptor_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
  }
  void release() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t before_{};
  int descriptor_ = -1;
};

struct Pipes {
  Pipe answer, failure, out, err;
};

[[noreturn]] void become_node(const std::string& project, const std::string& file, const Variables& variables,
                              const Pipes& pipes, const HeldSignals& signals, pid_t parent) {
  // A group of its own, which ends as a whole; it has no terminal then that it could read from.
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  // Above the numbers that they are put at: dup2 onto itself would leave close-on-exec as it is.
  const auto above = [](int descriptor) { return ::fcntl(descriptor, F_DUPFD_CLOEXEC, 16); };
  const int answer = above(pipes.answer.write), failure = above(pipes.failure.write);
  const int out = above(pipes.out.write), err = above(pipes.err.write), in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int input = above(in);
  ::dup2(input, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  ::dup2(answer, 3);
  for (const NamedValue& v : variables) ::setenv(v.name.c_str(), v.value.c_str(), 0);
  ::signal(SIGPIPE, SIG_DFL);
  pthread_sigmask(SIG_SETMASK, &signals.before(), nullptr);
  if (::chdir(project.c_str()) == 0) ::execlp("node", "node", "-e", kScript, file.c_str(), nullptr);
  const int reason = errno;
  if (::write(failure, &reason, sizeof reason) < 0) {
  }
  ::_exit(127);
}

// What the file prints goes on to where this process prints, up to a limit.
class Printed {
 public:
  void pass_on(int to, std::string_view part) {
    const auto kept = part.substr(0, kMostPrinted - std::min(kMostPrinted, passed_));
    passed_ += part.size();
    for (std::string_view rest = kept; !rest.empty();) {
      const auto n = ::write(to, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
    if (kept.size() == part.size() || told_) return;
    told_ = true;
    pass_on_end();
  }

 private:
  static void pass_on_end() {
    constexpr std::string_view kEnd = "\n(what the configuration prints beyond 256 kB is left out)\n";
    if (::write(2, kEnd.data(), kEnd.size()) < 0) {
    }
  }
  std::size_t passed_ = 0;
  bool told_ = false;
};

enum class Stopped { no, too_late, too_long, by_signal };
struct Heard {
  std::string answer;
  Stopped stopped = Stopped::no;
  int signal = 0;
};

using Deadline = std::chrono::steady_clock::time_point;

// Listens to `node` until its answer ends, which it does with the process, or until it must be stopped.
Heard listen(const Pipes& pipes, const HeldSignals& signals, Deadline deadline) {
  enum { answer, out, err, signal, count };
  std::array<pollfd, count> ready{{{pipes.answer.read, POLLIN, 0},
                                   {pipes.out.read, POLLIN, 0},
                                   {pipes.err.read, POLLIN, 0},
                                   {signals.descriptor(), POLLIN, 0}}};
  for (const int printed : {out, err}) ::fcntl(ready[printed].fd, F_SETFL, O_NONBLOCK);
  Heard heard;
  Printed printed;
  std::vector<char> buffer(65536);
  for (bool ended = false;;) {
    const auto left = deadline - std::chrono::steady_clock::now();
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
    if (milliseconds <= 0) heard.stopped = Stopped::too_late;
    if (heard.stopped != Stopped::no) return heard;
    // Behind the answer's end, what has been printed lies in the pipes already.
    const int found = ::poll(ready.data(), ready.size(), ended ? 0 : static_cast<int>(milliseconds));
    if (found == 0 && ended) return heard;
    if (found <= 0) continue;
    if (ready[signal].revents && (heard.signal = signals.take()) != 0) heard.stopped = Stopped::by_signal;
    for (const int i : {answer, out, err}) {
      if (!ready[i].revents) continue;
      const auto got = ::read(ready[i].fd, buffer.data(), buffer.size());
      if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (got <= 0) {
        ready[i].fd = -1;
        ended = ended || i == answer;
        continue;
      }
      const std::string_view part(buffer.data(), static_cast<std::size_t>(got));
      if (i != answer)
        printed.pass_on(i, part);
      else if (heard.answer.size() + part.size() <= kLargestAnswer)
        heard.answer += part;
      else
        heard.stopped = Stopped::too_long;
    }
  }
}

// How `node` has ended; one that goes on is ended with everything that the file has started in its group.
int end_of(pid_t leader, Deadline deadline) {
  int status = 0;
  for (;;) {
    const pid_t ended = ::waitpid(leader, &status, WNOHANG);
    if (ended == leader || (ended < 0 && errno != EINTR)) return status;
    if (std::chrono::steady_clock::now() >= deadline) break;
    ::usleep(1000);
  }
  ::kill(-leader, SIGKILL);
  while (::waitpid(leader, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

[[noreturn]] void explain(const std::string& file, const Json& error) {
  const auto text = [&](const char* name, std::string_view fallback) { return base::text_of(error[name], fallback); };
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
  Pipes pipes;
  HeldSignals signals;
  const pid_t parent = ::getpid(), child = ::fork();
  if (child < 0) throw ConfigError(std::string("no process for node: ") + std::strerror(errno));
  if (child == 0) become_node(project, file, variables, pipes, signals, parent);
  ::setpgid(child, child); // whoever of the two comes first
  for (Pipe* pipe : {&pipes.answer, &pipes.failure, &pipes.out, &pipes.err}) pipe->close_write();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const Heard heard = listen(pipes, signals, deadline);
  const int status = end_of(child, heard.stopped == Stopped::no ? deadline : Deadline::min());
  signals.release();
  int reason = 0;
  if (::read(pipes.failure.read, &reason, sizeof reason) == sizeof reason)
    throw ConfigError(file + ": `node` can't be started to evaluate it: " + std::strerror(reason) +
                      "; install Node.js 18 or newer, or write medusa-config.json, which needs none");
  switch (heard.stopped) {
  case Stopped::by_signal: ::raise(heard.signal); ::_exit(128 + heard.signal);
  case Stopped::too_late:
    throw ConfigError(file + ": it has not ended within " + std::to_string(kPatience.count()) +
                      " seconds: it must export its configuration without waiting for anything");
  case Stopped::too_long: throw ConfigError(file + ": it exports more than 16 MB, which no configuration is");
  case Stopped::no: break;
  }
  if (heard.answer.empty())
    throw ConfigError(file + ": it ended the process with " +
                      (WIFEXITED(status) ? "code " + std::to_string(WEXITSTATUS(status))
                                         : "signal " + std::to_string(WTERMSIG(status))) +
                      " before it had exported anything");
  const Json answered = base::parse_json(heard.answer);
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
