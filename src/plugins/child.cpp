#include "plugins/child.hpp"
#include "base/aside.hpp"
#include "base/error.hpp"
#include "base/fiber.hpp"
#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/strings.hpp"
#include "plugins/frames.hpp"
#include "plugins/host_files.hpp"
#include "plugins/node.hpp"
#include "plugins/printed_impl.hpp"
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace plugins {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using base::Json;
using base::text_of;
using Clock = std::chrono::steady_clock;
using Failure = boost::system::error_code;

namespace {

base::metrics::Counter
    starts({"stheno_plugins_starts_total",
            "Processes of the project's own Medusa that were started; more than one is one that ended."});

constexpr std::size_t kMostBytes = std::size_t{16} << 20; // of one frame

std::string names_in(const Json& list) {
  std::string names;
  if (list.is_array())
    for (const Json& name : list.as_array()) names += (names.empty() ? "" : ", ") + text_of(name);
  return names;
}

base::Error unavailable(const std::string& what) { return {base::ErrorType::unavailable, what}; }

// A folder that only this user may enter, so that nobody else reaches the sockets in it.
std::string private_folder() {
  std::error_code none;
  const fs::path all = fs::temp_directory_path(none);
  std::string path = (none ? fs::path("/tmp") : all) / "stheno-XXXXXX";
  if (!::mkdtemp(path.data())) throw std::runtime_error("no folder for the plugins' sockets can be made in " + path);
  return path;
}

// The host's files; from a folder, where somebody works on them.
Json host_sources() {
  Json files = Json::object();
  if (const char* folder = std::getenv("STHENO_HOST"); folder && *folder) {
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.is_regular_file()) {
        std::ifstream file(entry.path(), std::ios::binary);
        files.set(entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(file), {}));
      }
    return files;
  }
  for (const HostFile& file : host_files()) files.set(std::string(file.name), std::string(file.text));
  return files;
}

// Somebody who waits for an answer; the two threads meet here.
struct Waiting {
  Json answer;
  std::optional<base::Error> error;
  Clock::time_point deadline;
  std::function<void()> wake;
};

} // namespace

// What is kept is a convenience: without it, routes wait for the child.
std::shared_ptr<const Report> remembered_report(const std::string& path, const std::string& fingerprint) {
  if (path.empty()) return nullptr;
  std::ifstream file(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  try {
    const Json kept = text.empty() ? Json() : base::parse_json(text);
    if (kept["fingerprint"] == Json(fingerprint)) return std::make_shared<const Report>(kept["report"]);
  } catch (const base::JsonParseError&) {
  }
  return nullptr;
}

class Child::Loop {
 public:
  explicit Loop(ChildOptions options)
      : options_(std::move(options)), folder_(private_folder()), http_(folder_ + "/http"), asks_(folder_ + "/asks"),
        sources_(host_sources()), talk_(io_), output_(io_), process_(io_), pause_(io_), tick_(io_) {
    // Requests may come before it is started.
    report_ = remembered_report(options_.remembered_in, options_.fingerprint);
  }
  ~Loop() {
    if (thread_.joinable()) stop();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void start() {
    thread_ = std::thread([this] {
      asio::post(io_, [this] {
        begin();
        tick();
      });
      for (;;) {
        try {
          io_.run();
          break;
        } catch (const std::exception& failure) {
          base::log_error("The plugins' supervisor caught an exception", {{"error", failure.what()}});
        }
      }
    });
  }

  void restart() {
    asio::post(io_, [this] {
      if (parting_) return;
      pause_.cancel();
      if (pid_ < 0) return begin_anew();
      restarting_ = true;
      ::kill(-pid_, SIGKILL);
    });
  }

  void stop() {
    asio::post(io_, [this] { part(); });
    thread_.join();
  }

  Json request(const std::string& method, Json arguments, std::chrono::milliseconds limit) {
    const auto waiting = std::make_shared<Waiting>();
    waiting->deadline = Clock::now() + limit;
    base::Fiber* const fiber = base::current_fiber();
    const auto loop = base::event_loop_of_this_thread();
    const bool on_fiber = fiber && loop;
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    if (on_fiber)
      waiting->wake = [loop, fiber] { loop([fiber] { base::resume_fiber(fiber); }); };
    else
      waiting->wake = [&] {
        const std::lock_guard lock(mutex);
        done = true;
        changed.notify_all();
      };
    asio::post(io_, [this, waiting, method, arguments = std::move(arguments)]() mutable {
      ask(waiting, method, std::move(arguments));
    });
    if (on_fiber) {
      base::suspend_fiber();
    } else {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return done; });
    }
    if (waiting->error) throw *waiting->error;
    return std::move(waiting->answer);
  }

  ChildOptions options_;
  const std::string folder_, http_, asks_;
  std::map<std::string, Answer> answers_;
  std::map<std::string, Hear> heard_;
  std::function<void()> when_hopeless_;
  std::atomic<State> state_{State::loading};
  std::atomic<bool> was_ready_{false};
  std::atomic<std::shared_ptr<const Report>> report_;

 private:
  // The life of one process.

  void begin() {
    state_ = State::loading;
    NodeProcess node;
    try {
      // What runs first reads the first frame, in which all else is.
      node = start_node(options_.project, {"-e", text_of(sources_["bootstrap.js"])});
    } catch (const std::exception& failure) {
      base::log_error(failure.what());
      return begin_again();
    }
    pid_ = node.pid;
    starts.add();
    since_ = heard_at_ = Clock::now();
    failure_told_ = hopeless_ = false;
    at_work_.clear();
    talk_.assign(asio::local::stream_protocol(), node.talk);
    output_.assign(node.output);
    process_.assign(static_cast<int>(::syscall(SYS_pidfd_open, node.pid, 0)));
    process_.async_wait(asio::posix::stream_descriptor::wait_read, [this](Failure failure) {
      if (failure != asio::error::operation_aborted) ended();
    });
    read_output();
    read_head();
    Json start = options_.start;
    start.set("files", sources_);
    start.set("project", options_.project);
    start.set("http", http_);
    start.set("asks", asks_);
    if (const auto kept = what_is_kept(); !kept.is_null()) start.set("kept", kept);
    came_up_ = false;
    send(base::JsonObject{{"method", "start"}, {"arguments", std::move(start)}});
  }

  // With what has changed: the process before has nothing to say of it.
  void begin_anew() {
    came_up_ = true;
    run_ = base::make_id("run");
    begin();
  }

  // What a start leaves for the next one, beside the report. One that takes the place of a process that did not come up takes nothing.
  Json what_is_kept() const {
    if (options_.remembered_in.empty()) return nullptr;
    return base::JsonObject{
        {"folder", fs::path(options_.remembered_in).parent_path().string()}, {"run", run_}, {"read", came_up_}};
  }

  void ended() {
    int status = 0;
    ::kill(-pid_, SIGKILL); // what it has started, and left
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    read_rest_of_output();
    Failure ignored;
    talk_.close(ignored);
    output_.close(ignored);
    process_.close(ignored);
    out_.clear();
    sending_ = false;
    const auto pending = std::exchange(pending_, {});
    for (const auto& [id, waiting] : pending) give_up(*waiting, "The plugins' process has ended");
    if (parting_) return over();
    if (std::exchange(restarting_, false)) return begin_anew();
    const bool done = options_.life == Life::once;
    if (!failure_told_ && (!done || status != 0)) base::log_error("The plugins' process has ended: " + how(status));
    // A project that has never come up, and again and again does not.
    if (!was_ready_ && ++failures_ >= kMostAttempts) hopeless_ = true;
    if (done || hopeless_ || (WIFEXITED(status) && WEXITSTATUS(status) == 127)) {
      if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        base::log_error("`node` was not found; this project's plugins need Node.js 18 or later");
      state_ = State::hopeless;
      if (when_hopeless_) when_hopeless_();
      return;
    }
    begin_again();
  }

  static std::string how(int status) {
    if (WIFSIGNALED(status)) {
      const int signal = WTERMSIG(status);
      std::string text = "it was killed by signal " + std::to_string(signal);
      if (signal == SIGABRT) text += "; Node ends so when its heap is full (NODE_OPTIONS=--max-old-space-size=MiB)";
      if (signal == SIGKILL) text += "; the system ends so what takes too much of its memory";
      return text;
    }
    return "its status is " + std::to_string(WEXITSTATUS(status));
  }

  void begin_again() {
    // One that comes up is worth more attempts than one that does not, and the first of them at once.
    const bool was_up = state_ == State::ready;
    state_ = State::gone;
    if (Clock::now() - since_ > std::chrono::minutes(1)) pause_time_.reset();
    pause_time_ = pause_time_ ? std::max(*pause_time_ * 2, options_.first_pause)
                              : (was_up ? std::chrono::milliseconds(0) : options_.first_pause);
    pause_time_ = std::min(*pause_time_, was_up ? options_.longest_pause_of_ready : options_.longest_pause);
    pause_.expires_after(*pause_time_);
    pause_.async_wait([this](Failure failure) {
      if (!failure && !parting_) begin();
    });
  }

  // It is asked to end; tick() sees to it that it does.
  void part() {
    if (parting_) return;
    parting_ = true;
    parting_since_ = Clock::now();
    pause_.cancel();
    if (pid_ < 0) return over();
    send(base::JsonObject{{"method", "stop"}});
  }

  void over() {
    tick_.cancel();
    io_.stop();
  }

  void tick() {
    tick_.expires_after(std::chrono::milliseconds(parting_ ? 100 : 1000));
    tick_.async_wait([this](Failure failure) {
      if (failure) return;
      const auto now = Clock::now();
      for (auto at = pending_.begin(); at != pending_.end();) {
        const auto entry = at++;
        if (entry->second->deadline > now) continue;
        const auto waiting = entry->second;
        pending_.erase(entry);
        give_up(*waiting, "The plugins' process does not answer");
      }
      if (pid_ > 0) watch(now);
      tick();
    });
  }

  void watch(Clock::time_point now) {
    if (parting_) {
      if (now - parting_since_ > options_.farewell) ::kill(-pid_, SIGKILL);
      return;
    }
    const bool loading = state_ == State::loading;
    if (now - heard_at_ > (loading ? options_.load_time : options_.patience)) {
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(options_.load_time).count();
      base::log_error(loading ? "The plugins' process is not ready after " + std::to_string(seconds) +
                                    " s (STHENO_PLUGINS_LOAD_TIME), and is ended" +
                                    (at_work_.empty() ? "" : "; what had not ended is " + at_work_)
                              : "The plugins' process does not answer any more; it is ended");
      failure_told_ = true;
      ::kill(-pid_, SIGKILL);
      return;
    }
    if (!loading) send(base::JsonObject{{"id", ++last_id_}, {"method", "ping"}});
  }

  // What is said.

  void ask(const std::shared_ptr<Waiting>& waiting, const std::string& method, Json arguments) {
    if (state_ != State::ready) return give_up(*waiting, "The plugins' process is not there");
    const std::int64_t id = ++last_id_;
    pending_.emplace(id, waiting);
    send(base::JsonObject{{"id", id}, {"method", method}, {"arguments", std::move(arguments)}});
  }

  static void give_up(Waiting& waiting, const std::string& why) {
    waiting.error = unavailable(why);
    waiting.wake();
  }

  void send(const Json& message) {
    out_.push_back(frame_of(message.dump()));
    if (!std::exchange(sending_, true)) write();
  }

  void write() {
    asio::async_write(talk_, asio::buffer(out_.front()), [this](Failure failure, std::size_t) {
      if (failure) return; // the process' end is heard elsewhere
      out_.pop_front();
      if (out_.empty())
        sending_ = false;
      else
        write();
    });
  }

  void read_head() {
    asio::async_read(talk_, asio::buffer(head_), [this](Failure failure, std::size_t) {
      if (failure) return;
      const std::size_t length = frame_length(head_);
      if (length > kMostBytes) {
        base::log_error("The plugins' process says more at once than is taken; it is ended");
        failure_told_ = true;
        ::kill(-pid_, SIGKILL);
        return;
      }
      body_.resize(length);
      asio::async_read(talk_, asio::buffer(body_), [this](Failure cut, std::size_t) {
        if (cut) return;
        heard_at_ = Clock::now();
        Json message;
        try {
          message = base::parse_json(body_);
        } catch (const base::JsonParseError& broken) {
          base::log_error("The plugins' process says what is no JSON", {{"error", broken.what()}});
        }
        hear(message);
        read_head();
      });
    });
  }

  void hear(const Json& message) {
    const Json& id = message["id"];
    const std::string method = text_of(message["method"]);
    if (method.empty()) return hear_answer(id.is_integer() ? id.as_int() : 0, message);
    if (id.is_integer()) return hear_question(id, method, message["arguments"]);
    const Json& arguments = message["arguments"];
    if (method == "ready") become_ready(arguments["report"]);
    if (method == "failed") return hear_failure(arguments);
    if (method == "at_work") at_work_ = names_in(arguments["names"]);
    if (method == "progress") base::log_info(text_of(arguments["text"]));
    if (const auto found = heard_.find(method); found != heard_.end()) found->second(arguments);
  }

  void hear_answer(std::int64_t id, const Json& message) {
    const auto found = pending_.find(id);
    if (found == pending_.end()) return; // a ping's, or one that nobody waits for any longer
    const auto waiting = found->second;
    pending_.erase(found);
    if (const Json& error = message["error"]; !error.is_nullish())
      waiting->error.emplace(base::ErrorType::unexpected_state,
                             text_of(error["message"], "The plugins' process refuses"));
    else
      waiting->answer = message["answer"];
    waiting->wake();
  }

  void hear_question(const Json& id, const std::string& method, const Json& arguments) {
    const auto refuse = [&](const char* type, const std::string& why) {
      send(base::JsonObject{{"id", id}, {"error", base::JsonObject{{"type", type}, {"message", why}}}});
    };
    const auto found = answers_.find(method);
    if (found == answers_.end()) return refuse("not_found", "no question is called " + method);
    try {
      send(base::JsonObject{{"id", id}, {"answer", found->second(arguments)}});
    } catch (const std::exception& failure) {
      refuse("unexpected_state", failure.what());
    }
  }

  void become_ready(const Json& told) {
    auto report = std::make_shared<const Report>(told);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - since_).count();
    std::string all;
    for (const auto& plugin : report->plugins) all += (all.empty() ? "" : ", ") + plugin;
    base::log_info("Plugins are ready after " + std::to_string(took) +
                   " ms: " + (all.empty() ? "the project's own code" : all));
    if (!report->routes.empty() || !report->parts.empty())
      base::log_info(std::to_string(report->routes.size()) +
                     " routes are answered by the project's own Medusa; `stheno "
                     "routes --plugins` shows which, and why");
    remember(*report);
    report_ = std::move(report);
    was_ready_ = came_up_ = true;
    state_ = State::ready;
  }

  void remember(const Report& report) const {
    if (options_.remembered_in.empty()) return;
    std::error_code failure;
    const fs::path path = options_.remembered_in, fresh = path.string() + "." + std::to_string(::getpid());
    fs::create_directories(path.parent_path(), failure);
    std::ofstream(fresh, std::ios::binary)
        << Json(base::JsonObject{{"fingerprint", options_.fingerprint}, {"report", report.text}}).dump();
    fs::rename(fresh, path, failure);
    if (failure) fs::remove(fresh, failure);
  }

  void hear_failure(const Json& arguments) {
    failure_told_ = true;
    hopeless_ = arguments["final"].truthy();
    const std::string plugin = text_of(arguments["plugin"]);
    base::log_error(text_of(arguments["message"], "The plugins can't be loaded"),
                    {{"plugin", plugin.empty() ? "-" : plugin}});
    if (const auto stack = text_of(arguments["stack"]); !stack.empty() && !hopeless_) base::log_error(stack);
  }

  // What it prints goes on to the log, a line at a time.

  void read_output() {
    output_.async_read_some(asio::buffer(bytes_), [this](Failure failure, std::size_t n) {
      if (failure) return;
      printed_.add({bytes_.data(), n});
      read_output();
    });
  }
  void read_rest_of_output() {
    Failure failure;
    output_.non_blocking(true, failure);
    while (!failure) {
      const auto n = output_.read_some(asio::buffer(bytes_), failure);
      if (n == 0) break;
      printed_.add({bytes_.data(), n});
    }
    printed_.finish();
  }
  const Json sources_;
  asio::io_context io_{1};
  asio::local::stream_protocol::socket talk_;
  asio::posix::stream_descriptor output_, process_;
  asio::steady_timer pause_, tick_;
  std::thread thread_;
  pid_t pid_ = -1;
  Clock::time_point since_{}, heard_at_{}, parting_since_{};
  std::optional<std::chrono::milliseconds> pause_time_; // the last one
  bool failure_told_ = false, hopeless_ = false, parting_ = false, sending_ = false, restarting_ = false;
  bool came_up_ = true;                    // the last process; before the first, what an earlier server kept is taken
  std::string run_ = base::make_id("run"); // of processes that load the same project
  std::string at_work_;                    // loaders that have begun and not ended
  static constexpr int kMostAttempts = 3;  // of a project that has never been loaded
  int failures_ = 0;                       // before it was ready
  std::int64_t last_id_ = 0;
  std::map<std::int64_t, std::shared_ptr<Waiting>> pending_;
  std::deque<std::string> out_;
  std::array<unsigned char, kFrameHead> head_{};
  std::string body_;
  std::array<char, 16 * 1024> bytes_{};
  Printed printed_;
};

Child::Child(ChildOptions options) : loop_(std::make_unique<Loop>(std::move(options))) {}
Child::~Child() = default;

void Child::set(const std::string& name, Json value) {
  Json settings = loop_->options_.start["settings"];
  settings.set(name, std::move(value));
  loop_->options_.start.set("settings", std::move(settings));
}
void Child::answer(const std::string& method, Answer answer) { loop_->answers_[method] = std::move(answer); }
void Child::hear(const std::string& method, Hear hear) { loop_->heard_[method] = std::move(hear); }
void Child::when_hopeless(std::function<void()> then) { loop_->when_hopeless_ = std::move(then); }
void Child::start() { loop_->start(); }
void Child::restart() { loop_->restart(); }
void Child::stop() { loop_->stop(); }
Child::State Child::state() const { return loop_->state_; }
std::shared_ptr<const Report> Child::report() const { return loop_->report_; }
bool Child::was_ready() const { return loop_->was_ready_; }
const std::string& Child::http_socket() const { return loop_->http_; }
const std::string& Child::asks_socket() const { return loop_->asks_; }
Json Child::request(const std::string& method, Json arguments, std::chrono::milliseconds limit) {
  return loop_->request(method, std::move(arguments), limit);
}

} // namespace plugins
