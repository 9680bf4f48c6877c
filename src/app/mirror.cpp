#include "app/mirror.hpp"
#include "app/tools.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/strings.hpp"
#include "plugins/frames.hpp"
#include "plugins/node.hpp"
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <functional>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <poll.h>
#include <random>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace app {
namespace {

using base::Json;
using base::text_of;
using base::metrics::Counter;
using base::metrics::label;
using base::metrics::Unused;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMostAtOnce = 4;                          // requests that the other server works on
constexpr std::size_t kMostWaiting = 64;                        // requests
constexpr std::size_t kMostWaitingBytes = std::size_t{8} << 20; // of their answers
constexpr std::size_t kMostBytes = std::size_t{1} << 20;        // of an answer as it went out
constexpr std::int64_t kMostUnpacked = 4 << 20;                 // bytes of either answer as a text
constexpr milliseconds kPatience{10'000};                       // for the other server's answer
constexpr seconds kLate{5}; // after so long in the queue, what has changed meanwhile would be taken for a difference
constexpr seconds kSilence{30};                         // of node, while it has work
constexpr seconds kFirstPause{1}, kLongestPause{60};    // before node is started again
constexpr std::size_t kMostSaid = std::size_t{1} << 20; // bytes of one frame from node
constexpr std::size_t kMostPrinted = 2048;              // bytes of what it prints that are kept
// A server that mirrors does not mirror what carries it, so that two of them don't send one request to and fro.
constexpr std::string_view kMark = "x-stheno-mirrored";
// What decides an answer beside path and query. Nothing else of a request goes along.
constexpr std::array<std::string_view, 6> kSent{"accept", "accept-language",       "authorization",
                                                "cookie", "x-medusa-access-token", "x-publishable-api-key"};

// In the order of the labels below.
constexpr std::array<std::string_view, 4> kOutcomes{"equal", "known", "different", "failed"};
constexpr std::size_t kDifferent = 2, kFailed = 3;
enum Why : std::size_t { kFull, kLateInQueue, kLarge };

std::vector<std::string> labels(std::string_view name, std::initializer_list<std::string_view> values) {
  std::vector<std::string> all;
  for (const auto value : values) all.push_back(label(name, value));
  return all;
}
std::vector<std::string> labels_of(const http::Routes& routes) {
  std::vector<std::string> all;
  for (const http::Route& route : routes) all.push_back(label("route", route.path));
  return all;
}

// An answer that has been given, with what was asked.
struct Copy {
  std::size_t route; // its place among the routes
  std::string target;
  std::vector<std::pair<std::string_view, std::string>> headers;
  int status;
  std::string type, encoding, body;
  Clock::time_point since = Clock::now();
};

std::string encoding_of(const http::Response& response) {
  for (const http::Header& header : response.late_headers)
    if (base::equal_ignoring_case(header.name, "content-encoding")) return header.value;
  return {};
}

// Of whom these statuses tell: who is not known or guesses too much is not asked about elsewhere, a copy of "as before" says
// nothing, and a server that can't answer at the moment is no judge.
bool says_something(int status) { return status != 304 && status != 401 && status != 429 && status != 503; }

} // namespace

class Mirror::Loop {
 public:
  Loop(MirrorOptions options, const http::Site& site, std::string project, SessionsLie sessions)
      : options_(std::move(options)), site_(site), project_(std::move(project)), sessions_(sessions),
        outcomes_(
            {"stheno_mirrored_requests_total", "GETs that were sent to the other server, too, by how it answered."},
            labels("outcome", {kOutcomes[0], kOutcomes[1], kOutcomes[2], kOutcomes[3]})),
        dropped_({"stheno_mirror_dropped_total",
                  "GETs that were to be mirrored and were not: too many waited, one waited too long, or its answer is "
                  "too large."},
                 labels("why", {"full", "late", "large"})),
        differences_({"stheno_mirror_differences_total", "Mirrored GETs whose answers differ, by route."},
                     labels_of(site.router.routes()), Unused::left_out),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake_ < 0) throw std::runtime_error(std::string("requests can't be mirrored: ") + std::strerror(errno));
  }
  ~Loop() {
    stop();
    ::close(wake_);
  }

  double share() const { return options_.share; }

  void start() {
    base::log_info("A share of the GETs goes to another server, too", {{"to", options_.to}});
    thread_ = std::thread([this] { run(); });
  }

  void stop() {
    ending_ = true;
    wake();
    if (thread_.joinable()) thread_.join();
  }

  // On the thread that has answered. Never throws: a shopper's answer doesn't hang on it.
  void offer(const http::Request& request, const http::Response& response) noexcept try {
    const http::Route* const route = worth_asking(request, response);
    if (!route) return;
    if (response.body.size() > kMostBytes) return dropped_.add(kLarge);
    if (waiting_ >= kMostWaiting) return dropped_.add(kFull);
    Copy copy{static_cast<std::size_t>(route - site_.router.routes().data()),
              request.target,
              {},
              response.status,
              response.content_type,
              encoding_of(response),
              response.body};
    for (const auto name : kSent)
      if (const auto value = request.header(name); !value.empty()) copy.headers.emplace_back(name, value);
    {
      const std::lock_guard lock(mutex_);
      if (ending_ || copies_.size() >= kMostWaiting || bytes_ + copy.body.size() > kMostWaitingBytes)
        return dropped_.add(kFull);
      bytes_ += copy.body.size();
      copies_.push_back(std::move(copy));
      waiting_ = copies_.size();
    }
    wake();
  } catch (const std::bad_alloc&) {
    dropped_.add(kFull);
  }

 private:
  // Null: it is not mirrored. What `stheno compare` leaves out, mirror.js does.
  const http::Route* worth_asking(const http::Request& request, const http::Response& response) const {
    if (!says_something(response.status) || response.file.size > 0 || !request.raw_body.empty()) return nullptr;
    if (!request.header(kMark).empty()) return nullptr;
    if (sessions_ == SessionsLie::in_this_process && !request.header("cookie").empty()) return nullptr;
    const http::Route* const route = site_.router.match(request.method, request.path).route;
    // A wrong guess would count twice.
    return route && route->guess == http::Guess::none ? route : nullptr;
  }

  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
  }

  // The life of node, on the thread.

  void run() {
    seconds pause = kFirstPause;
    while (!ending_) {
      const auto since = Clock::now();
      int status = 0;
      try {
        status = live();
      } catch (const std::exception& failure) {
        base::log_error("Requests can't be mirrored", {{"error", failure.what()}});
      }
      if (ending_) return;
      if (is_missing(status))
        return base::log_error("`node` was not found; nothing is mirrored without Node.js 18 or later");
      if (Clock::now() - since > kLongestPause) pause = kFirstPause;
      for (const auto end = Clock::now() + pause; !ending_ && Clock::now() < end;)
        wait_for(nullptr, 0, std::chrono::ceil<milliseconds>(end - Clock::now()));
      pause = std::min(pause * 2, kLongestPause);
    }
  }

  // Whether there is no such program.
  static bool is_missing(int status) {
    constexpr int kNotFound = 127;
    return WIFEXITED(status) && WEXITSTATUS(status) == kNotFound;
  }

  // From the start of a process to its end; its status.
  int live() {
    base::JsonObject order = what_to_compare(site_.router.routes());
    order.set("to", options_.to);
    order.set("mark", kMark);
    order.set("patience", static_cast<std::int64_t>(kPatience.count()));
    order.set("most", kMostUnpacked);
    order.set("near", near_networks());
    node_ = plugins::start_node(
        project_, {"--max-old-space-size=256", "-e", std::string(mirror_script), Json(std::move(order)).dump()});
    ::fcntl(node_.output, F_SETFL, O_NONBLOCK);
    out_.clear();
    in_.clear();
    printed_.clear();
    std::string why;
    try {
      why = converse();
    } catch (const base::JsonParseError& broken) {
      why = broken.what();
    }
    ::kill(-node_.pid, SIGKILL);
    int status = 0;
    while (::waitpid(node_.pid, &status, 0) < 0 && errno == EINTR) {
    }
    read_output();
    ::close(node_.talk);
    ::close(node_.output);
    outcomes_.add(kFailed, under_way_.size());
    under_way_.clear();
    if (!ending_ && !is_missing(status))
      base::log_error("The process that mirrors requests has ended; it is started again",
                      {{"why", why}, {"printed", base::trim(printed_)}});
    return status;
  }

  // Until it ends, or has to: why.
  std::string converse() {
    heard_at_ = Clock::now();
    for (;;) {
      hand_over();
      const bool idle = under_way_.empty();
      std::array<pollfd, 2> ready{
          {{node_.talk, static_cast<short>(POLLIN | (out_.empty() ? 0 : POLLOUT)), 0}, {node_.output, POLLIN, 0}}};
      wait_for(ready.data(), ready.size(), idle ? milliseconds(-1) : milliseconds(1000));
      if (ending_) return {};
      if (ready[1].revents) read_output();
      if (ready[0].revents & POLLOUT) write_some();
      if (ready[0].revents & (POLLIN | POLLHUP | POLLERR))
        if (!read_some()) return "it ended by itself";
      if (idle) heard_at_ = Clock::now();
      if (Clock::now() - heard_at_ > kSilence) return "it said nothing for too long";
    }
  }

  // Waits for those, for wake(), or for the end of the time; -1: without one.
  void wait_for(pollfd* others, std::size_t count, milliseconds time) const {
    std::array<pollfd, 3> ready{};
    std::copy_n(others, count, ready.begin());
    ready[count] = {wake_, POLLIN, 0};
    ::poll(ready.data(), count + 1, static_cast<int>(time.count()));
    if (ready[count].revents) {
      std::uint64_t times = 0;
      [[maybe_unused]] const auto got = ::read(wake_, &times, sizeof times);
    }
    std::copy_n(ready.begin(), count, others);
  }

  std::optional<Copy> next() {
    const std::lock_guard lock(mutex_);
    if (copies_.empty()) return std::nullopt;
    Copy copy = std::move(copies_.front());
    copies_.pop_front();
    bytes_ -= copy.body.size();
    waiting_ = copies_.size();
    return copy;
  }

  void hand_over() {
    while (under_way_.size() < kMostAtOnce) {
      const auto copy = next();
      if (!copy) return;
      if (Clock::now() - copy->since > kLate) {
        dropped_.add(kLateInQueue);
        continue;
      }
      base::JsonObject headers;
      for (const auto& [name, value] : copy->headers) headers.push_back({std::string(name), value});
      const std::int64_t id = ++last_id_;
      out_ += plugins::frame_of(Json(base::JsonObject{{"id", id},
                                                      {"target", copy->target},
                                                      {"headers", std::move(headers)},
                                                      {"status", copy->status},
                                                      {"type", copy->type},
                                                      {"encoding", copy->encoding}})
                                    .dump());
      out_ += plugins::frame_of(copy->body);
      under_way_.emplace(id, copy->route);
    }
  }

  void write_some() {
    const auto sent = ::send(node_.talk, out_.data(), out_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) out_.erase(0, static_cast<std::size_t>(sent));
  }

  // False at the end.
  bool read_some() {
    std::array<char, 16 * 1024> bytes;
    const auto got = ::recv(node_.talk, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return false;
    if (got < 0) return true;
    in_.append(bytes.data(), static_cast<std::size_t>(got));
    while (in_.size() >= plugins::kFrameHead) {
      std::array<unsigned char, plugins::kFrameHead> head;
      std::copy_n(in_.begin(), head.size(), head.begin());
      const std::size_t length = plugins::frame_length(head);
      if (length > kMostSaid) return false;
      if (in_.size() - head.size() < length) break;
      hear(base::parse_json(std::string_view(in_).substr(head.size(), length)));
      in_.erase(0, head.size() + length);
    }
    return true;
  }

  void read_output() {
    std::array<char, 1024> bytes;
    for (;;) {
      const auto got = ::read(node_.output, bytes.data(), bytes.size());
      if (got <= 0) return;
      printed_.append(bytes.data(), std::min(static_cast<std::size_t>(got), kMostPrinted - printed_.size()));
    }
  }

  void hear(const Json& result) {
    heard_at_ = Clock::now();
    const auto found = under_way_.find(result["id"].is_integer() ? result["id"].as_int() : 0);
    if (found == under_way_.end()) return;
    const std::size_t route = found->second;
    under_way_.erase(found);
    const std::string outcome = text_of(result["outcome"]);
    const auto at =
        static_cast<std::size_t>(std::find(kOutcomes.begin(), kOutcomes.end(), outcome) - kOutcomes.begin());
    if (at < kOutcomes.size()) outcomes_.add(at);
    if (at == kDifferent) differences_.add(route);
    if (result["tell"].is_array())
      for (const Json& line : result["tell"].as_array()) tell(line);
  }

  static void tell(const Json& line) {
    const auto field = [&](std::string_view name) { return text_of(line[name]); };
    if (line.has("failure"))
      return base::log_warn("The server to which requests are mirrored does not answer", {{"why", field("failure")}});
    if (line.has("reason"))
      return base::log_info("Mirrored: a known difference", {{"route", field("route")}, {"reason", field("reason")}});
    const std::string more = line["more"].is_integer() ? std::to_string(line["more"].as_int()) : "0";
    base::log_warn("Mirrored: the other server answers otherwise", {{"route", field("route")},
                                                                    {"path", field("path")},
                                                                    {"here", field("left")},
                                                                    {"there", field("right")},
                                                                    {"example", field("example")},
                                                                    {"left_out_before", more}});
  }

  const MirrorOptions options_;
  const http::Site& site_;
  const std::string project_;
  const SessionsLie sessions_;
  Counter outcomes_, dropped_, differences_;
  const int wake_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;

  std::mutex mutex_;
  std::deque<Copy> copies_;
  std::size_t bytes_ = 0; // of their bodies
  std::atomic<std::size_t> waiting_ = 0;

  // Of the thread.
  plugins::NodeProcess node_;
  std::string out_, in_, printed_;
  std::map<std::int64_t, std::size_t> under_way_; // routes by the requests' numbers
  std::int64_t last_id_ = 0;
  Clock::time_point heard_at_{};
};

namespace {

// Answers as another responder does, and offers a share of it.
class Copying final : public http::Responder {
 public:
  using Offer = std::function<void(const http::Request&, const http::Response&)>;
  Copying(std::unique_ptr<http::Responder> answerer, double share, Offer offer)
      : answerer_(std::move(answerer)), chosen_(share), offer_(std::move(offer)) {}

  void respond(http::Request& request, http::Response& response) override {
    answerer_->respond(request, response);
    if (request.method == http::Method::get && chosen_(random_)) offer_(request, response);
  }
  bool wants_body(http::Request& request) override { return answerer_->wants_body(request); }
  void pass(http::Request& request, http::Response& response, http::Exchange& exchange) override {
    answerer_->pass(request, response, exchange);
  }
  void tick() override { answerer_->tick(); }

 private:
  const std::unique_ptr<http::Responder> answerer_;
  std::minstd_rand random_{std::random_device{}()};
  std::bernoulli_distribution chosen_;
  const Offer offer_;
};

} // namespace

Mirror::Mirror(MirrorOptions options, const http::Site& site, std::string project, SessionsLie sessions)
    : loop_(std::make_unique<Loop>(std::move(options), site, std::move(project), sessions)) {}
Mirror::~Mirror() = default;
void Mirror::start() { loop_->start(); }
void Mirror::stop() { loop_->stop(); }

http::MakeResponder Mirror::copying(http::MakeResponder make) {
  return [loop = loop_.get(), make = std::move(make)](boost::asio::io_context& io) -> std::unique_ptr<http::Responder> {
    return std::make_unique<Copying>(
        make(io), loop->share(),
        [loop](const http::Request& request, const http::Response& response) { loop->offer(request, response); });
  };
}

} // namespace app
