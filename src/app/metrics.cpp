#include "app/metrics.hpp"
#include "app/setting.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/strings.hpp"
#include "db/kept_rows.hpp"
#include "db/pool.hpp"
#include <atomic>
#include <charconv>
#include <dirent.h>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace app {
namespace {

using base::metrics::Description;
using base::metrics::label;
using base::metrics::Metric;
using base::metrics::Reading;
using Samples = Reading::Samples;

// What the outbox holds, as the last look at the database has found it. Looked at for each reading, so that nobody is shown
// what was.
struct Outbox {
  std::atomic<bool> known = false;
  std::atomic<std::int64_t> rows = 0;
  std::atomic<double> oldest = 0; // in seconds
};

// When a ULID was made: its first ten characters are milliseconds in Crockford's base32. 0 for what is none.
std::int64_t milliseconds_of(std::string_view ulid) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  constexpr std::size_t kLength = 26, kOfTime = 10;
  if (ulid.size() != kLength) return 0;
  std::int64_t all = 0;
  for (const char c : ulid.substr(0, kOfTime)) {
    const auto digit = kDigits.find(c);
    if (digit == kDigits.npos) return 0;
    all = all * 32 + static_cast<std::int64_t>(digit);
  }
  return all;
}

// A page of it, so that a full outbox costs no more than a long one.
const db::Statement& look_at_outbox() {
  static const db::Statement statement(
      "SELECT count(*), min(id) FROM (SELECT id FROM staged_job ORDER BY id LIMIT 10000) "
      "AS first");
  return statement;
}

void look(db::Database& database, Outbox& outbox) {
  try {
    const auto row = database.shared().run(look_at_outbox());
    outbox.rows = row.integer(0, 0);
    const std::string_view oldest = row.text(0, 1);
    const auto made = milliseconds_of(oldest.substr(oldest.find('_') == oldest.npos ? 0 : oldest.find('_') + 1));
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    outbox.oldest = made == 0 ? 0 : std::max(0.0, static_cast<double>(now.count() - made) / 1000);
    outbox.known = true;
  } catch (const std::exception&) {
    outbox.known = false; // the log says why
  }
}

// Answers /metrics, and nothing else.
class Teller final : public http::Responder {
 public:
  Teller(std::unique_ptr<db::Database> database, Outbox& outbox) : database_(std::move(database)), outbox_(outbox) {}

  void respond(http::Request& request, http::Response& response) override {
    if (request.path != "/metrics" || (request.method != http::Method::get && request.method != http::Method::head)) {
      response.status = 404;
      response.content_type = "text/plain; charset=utf-8";
      response.body = "The figures are at /metrics.\n";
      return;
    }
    look(*database_, outbox_);
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = base::metrics::text();
  }

 private:
  const std::unique_ptr<db::Database> database_;
  Outbox& outbox_;
};

// The process, under the names that Prometheus' own libraries have.

double first_number(const char* path, std::size_t at) {
  std::ifstream file(path);
  std::string word;
  double value = 0;
  for (std::size_t i = 0; i < at; i++) file >> word;
  file >> value;
  return value;
}

double open_descriptors() {
  DIR* folder = ::opendir("/proc/self/fd");
  if (!folder) return 0;
  double count = -3; // ".", "..", and the folder itself
  while (::readdir(folder)) count++;
  ::closedir(folder);
  return count;
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double most_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

Samples one(double value) { return {{"", value}}; }

} // namespace

std::string metrics_setting(const config::Config& config) { return setting_text(config, "env:STHENO_METRICS"); }

std::optional<MetricsPlace> metrics_place(const config::Config& config) {
  const std::string text = metrics_setting(config);
  const auto colon = text.rfind(':');
  MetricsPlace place{colon == text.npos ? "127.0.0.1" : text.substr(0, colon), 0};
  if (place.host.starts_with('[') && place.host.ends_with(']'))
    place.host = place.host.substr(1, place.host.size() - 2);
  const char* const begin = text.data() + (colon == text.npos ? 0 : colon + 1);
  const char* const end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(begin, end, place.port);
  if (begin == end || failure != std::errc{} || stopped != end) return std::nullopt;
  return place;
}

struct Metrics::Parts {
  Parts(const db::Options& database, const http::Site& site, const plugins::Child* child)
      : options(database),
        server([this](boost::asio::io_context& io) { return std::make_unique<Teller>(db::open(io, options), outbox); },
               {}, hasty()) {
    options.shared_connections = options.exclusive_connections = 1;
    const auto gauge = [this](Description description, std::function<Samples()> read) {
      readings.push_back(std::make_unique<Reading>(Metric::Kind::gauge, description, std::move(read)));
    };
    const auto process_started = static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                         std::chrono::system_clock::now().time_since_epoch())
                                                         .count()) /
                                 1000;
    gauge({"stheno_build_info", "Which server this is; always 1."}, [] {
      return Samples{{label("version", STHENO_VERSION), 1}};
    });
    gauge({"process_start_time_seconds", "When the process began to serve, in seconds since 1970."},
          [process_started] { return one(process_started); });
    readings.push_back(std::make_unique<Reading>(
        Metric::Kind::counter, Description{"process_cpu_seconds_total", "Time of processors, of user and system."},
        [] { return one(processor_seconds()); }));
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    gauge({"process_resident_memory_bytes", "Memory that is resident."},
          [page] { return one(first_number("/proc/self/statm", 1) * page); });
    gauge(
        {"process_virtual_memory_bytes", "Memory that is mapped; stacks of fibers are mapped whole and mostly unused."},
        [page] { return one(first_number("/proc/self/statm", 0) * page); });
    gauge({"process_open_fds", "Open file descriptors."}, [] { return one(open_descriptors()); });
    gauge({"process_max_fds", "Most file descriptors that may be open."}, [] { return one(most_descriptors()); });
    gauge({"stheno_database_up", "Whether the database has answered for this reading."},
          [this] { return one(outbox.known ? 1 : 0); });
    gauge({"stheno_outbox_events", "Staged events that are not delivered yet, at most 10000."},
          [this] { return outbox.known ? one(static_cast<double>(outbox.rows)) : Samples{}; });
    gauge({"stheno_outbox_oldest_seconds", "Age of the oldest staged event; 0 where there is none."},
          [this] { return outbox.known ? one(outbox.oldest) : Samples{}; });
    if (http::ReplyCache* const replies = site.reply_cache) {
      gauge({"stheno_kept_replies", "Replies of the catalogue that are kept."},
            [replies] { return one(static_cast<double>(replies->size().replies)); });
      gauge({"stheno_kept_replies_bytes", "Memory of the replies that are kept."},
            [replies] { return one(static_cast<double>(replies->size().bytes)); });
    }
    if (const auto rows = options.kept_rows) {
      gauge({"stheno_kept_rows", "Answers of the shop's own rows that are kept."},
            [rows] { return one(static_cast<double>(rows->figures().entries)); });
      gauge({"stheno_kept_rows_bytes", "Memory of the rows that are kept."},
            [rows] { return one(static_cast<double>(rows->figures().bytes)); });
    }
    if (child)
      gauge({"stheno_plugins_ready", "Whether the project's own Medusa is ready to answer."},
            [child] { return one(child->state() == plugins::Child::State::ready ? 1 : 0); });
  }

  // Whoever reads keeps his connection and comes again; a server that stops doesn't wait for him.
  static http::Timeouts hasty() {
    http::Timeouts timeouts;
    timeouts.idle = std::chrono::minutes(2);
    timeouts.linger = timeouts.farewell = timeouts.deaf = timeouts.quiet = std::chrono::milliseconds(1);
    return timeouts;
  }

  Outbox outbox;
  db::Options options;
  std::vector<std::unique_ptr<Reading>> readings;
  http::Server server; // ends first
};

Metrics::Metrics(const MetricsPlace& place, const db::Options& database, const http::Site& site,
                 const plugins::Child* child)
    : parts_(std::make_unique<Parts>(database, site, child)) {
  try {
    parts_->server.start(place.host, place.port, 1);
  } catch (const std::exception& failure) {
    throw std::runtime_error("STHENO_METRICS: " + std::string(failure.what()));
  }
  base::log_info("Figures for Prometheus: http://" +
                 (place.host.find(':') == place.host.npos ? place.host : "[" + place.host + "]") + ":" +
                 std::to_string(parts_->server.port()) + "/metrics");
}

Metrics::~Metrics() = default;

} // namespace app
