#include "db/embedded.hpp"
#include "base/strings.hpp"
#include "db/child_impl.hpp"
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <libpq-fe.h>
#include <pwd.h>
#include <sstream>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace db {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr const char* kRole = "stheno";
constexpr const char* kPort = "5432"; // names the socket's file

[[noreturn]] void fail(const std::string& message) { throw std::runtime_error(message); }

std::string short_hash(std::string_view text) {
  return fmt::format("{:016x}", static_cast<std::uint64_t>(std::hash<std::string_view>{}(text)));
}

std::string read_text(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Programs {
  std::string folder;
  int version = 0;
};

constexpr int kOldest = 15;

// The output of a command, without the ends of its lines; empty where it fails.
std::string said_by(const char* command) {
  std::string text;
  if (FILE* pipe = popen(command, "r")) {
    char line[512] = {};
    if (std::fgets(line, sizeof line, pipe)) text = base::trim(line);
    pclose(pipe);
  }
  return text;
}

// Where Debian, or whoever made the PostgreSQL that pg_config speaks of, keeps the programs; the newest first.
std::vector<Programs> installed_programs() {
  std::vector<Programs> found;
  const auto add = [&](const std::string& folder, int version) {
    if (version >= kOldest && access((folder + "/postgres").c_str(), X_OK) == 0 &&
        access((folder + "/initdb").c_str(), X_OK) == 0)
      found.push_back({folder, version});
  };
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none))
    add((entry.path() / "bin").string(), std::atoi(entry.path().filename().c_str()));
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.version > b.version; });
  // "PostgreSQL 15.12 (Debian ...)"
  const std::string version = said_by("pg_config --version 2>/dev/null");
  if (const auto digits = version.find_first_of("0123456789"); digits != std::string::npos)
    add(said_by("pg_config --bindir 2>/dev/null"), std::atoi(version.c_str() + digits));
  if (found.empty())
    fail("PostgreSQL is not installed: its server, 15 or newer. Install it (apt-get install postgresql), or set "
         "DATABASE_URL.");
  return found;
}

// Those that made the data, which no other version can read; for new data the newest.
Programs programs_for(const fs::path& data, const std::vector<Programs>& installed) {
  if (!fs::exists(data / "PG_VERSION")) return installed.front();
  const std::string made_by(base::trim(read_text(data / "PG_VERSION")));
  for (const Programs& programs : installed)
    if (std::to_string(programs.version) == made_by) return programs;
  fail(fmt::format("{} was made by PostgreSQL {}, which is not installed (there is {}). Install it (apt-get install "
                   "postgresql-{}), or set DATABASE_URL.",
                   data.string(), made_by, installed.front().version, made_by));
}

std::string last_lines(const fs::path& log) {
  auto lines = base::split(base::trim(read_text(log)), '\n');
  std::string out;
  for (std::size_t i = lines.size() > 8 ? lines.size() - 8 : 0; i < lines.size(); ++i) out += "\n  " + lines[i];
  return out;
}

void make_private(const fs::path& folder, const RunAs& user) {
  fs::create_directories(folder);
  if (user.change && chown(folder.c_str(), user.user, user.group) != 0)
    fail(fmt::format("{} can't be given to user {}: {}", folder.string(), user.name, std::strerror(errno)));
  chmod(folder.c_str(), 0700);
}

// Root may not run PostgreSQL: the owner of what is there does, else a user made for it.
RunAs choose_user(const fs::path& home) {
  struct stat status {};
  bool exists = stat((home / "data").c_str(), &status) == 0;
  if (geteuid() != 0) {
    if (exists && status.st_uid != geteuid())
      fail(fmt::format("{} belongs to user {}: start as root or as that user, or change its owner.", home.string(),
                       run_as(status.st_uid).name));
    return run_as_self();
  }
  if (exists && status.st_uid != 0) return run_as(status.st_uid);
  for (const char* name : {"postgres", "nobody"})
    if (const passwd* entry = getpwnam(name); entry && entry->pw_uid != 0) return run_as(entry->pw_uid);
  fail(
      "PostgreSQL does not run as root, and there is neither a user postgres nor nobody. Make one, or set DATABASE_URL.");
}

// <project>/.stheno/postgres. When root's folder is closed to the user that PostgreSQL runs as, a link to a folder
// under /var/lib that is open to it: nothing outside of the project changes its mode.
fs::path home_folder(const fs::path& project, const EmbeddedServer::Progress& progress) {
  fs::path home = project / ".stheno" / "postgres";
  fs::create_directories(home.parent_path());
  if (!fs::is_symlink(home) || fs::exists(home)) fs::create_directories(home);
  RunAs user = choose_user(home);
  make_private(home, user);
  if (can_use(home, user)) return home;
  if (!fs::is_symlink(home)) {
    if (!fs::is_empty(home))
      fail(fmt::format("User {} can't reach {}: allow entering the folders above it (chmod o+x), or set DATABASE_URL.",
                       user.name, home.string()));
    const fs::path shelf = "/var/lib/stheno";
    fs::create_directories(shelf);
    chmod(shelf.c_str(), 0711); // whatever the umask
    // A new one each time: whoever removes .stheno wants to start afresh.
    auto elsewhere = (shelf / (project.filename().string() + "-XXXXXX")).string();
    if (!mkdtemp(elsewhere.data())) fail(fmt::format("{} can't be made: {}", elsewhere, std::strerror(errno)));
    fs::remove(home);
    fs::create_directory_symlink(elsewhere, home);
    progress(fmt::format("User {} can't enter {}: the database's files are kept in {}", user.name, project.string(),
                         elsewhere));
  }
  auto real = fs::canonical(home);
  make_private(real, user);
  if (!can_use(real, user))
    fail(fmt::format("User {} can't use {}: allow it, or set DATABASE_URL.", user.name, real.string()));
  return real;
}

// A file for locks. They last as long as this process lives; the kernel lets go of them however it ends.
int open_lock(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) fail(fmt::format("{} can't be opened: {}", path.string(), std::strerror(errno)));
  return file;
}

// The lock of whoever runs the server of this folder, or -1 while another holds it.
int try_to_own(const fs::path& home) {
  const int file = open_lock(home / "lock");
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    close(file);
    return -1;
  }
  auto own = std::to_string(getpid()) + "\n";
  if (ftruncate(file, 0) != 0 || pwrite(file, own.data(), own.size(), 0) < 0) {
    // Only the hint for others is lost.
  }
  return file;
}

[[noreturn]] void fail_in_use(const fs::path& home, std::string_view advice) {
  const auto owner = std::string(base::trim(read_text(home / "lock")));
  fail(fmt::format("The embedded database in {} is in use by another stheno{}. {}", home.string(),
                   owner.empty() ? "" : " (process " + owner + ")", advice));
}

// A socket's path must fit sockaddr_un; a long or oddly named project gets a folder in /tmp that is its user's alone.
std::string socket_folder(const fs::path& home, const RunAs& user) {
  auto folder = (home / "socket").string();
  bool plain = folder.find_first_of(",\"' \\@") == std::string::npos;
  if (plain && folder.size() + std::strlen("/.s.PGSQL.5432") < sizeof(sockaddr_un::sun_path)) {
    make_private(folder, user);
    return folder;
  }
  folder = "/tmp/stheno-" + short_hash(home.string());
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    fail(fmt::format("{} can't be made: {}", folder, std::strerror(errno)));
  struct stat status {};
  if (lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
      (status.st_uid != user.user && status.st_uid != geteuid()))
    fail(fmt::format("{} belongs to someone else: remove it, or use a project folder with a shorter path.", folder));
  make_private(folder, user);
  return folder;
}

void initialise(const std::string& bin, const fs::path& home, const RunAs& user,
                const EmbeddedServer::Progress& progress) {
  progress("Making a PostgreSQL database in " + home.string());
  // Made aside and moved, so that an interrupted one is never taken for a whole one.
  auto aside = home / "data.new";
  auto log = home / "initdb.log";
  fs::remove_all(aside);
  fs::remove(log);
  int status =
      wait_child(start_child({bin + "/initdb", "--pgdata=" + aside.string(), "--username=" + std::string(kRole),
                              "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-instructions"},
                             user, log, Lifetime::waited_for));
  if (status != 0) fail(fmt::format("initdb failed ({}):{}", status, last_lines(log)));
  fs::rename(aside, home / "data");
}

// Processes of PostgreSQL that work on this data.
std::vector<pid_t> processes_on(const fs::path& data) {
  std::vector<pid_t> found;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator("/proc", unreadable)) {
    const pid_t process = std::atoi(entry.path().filename().c_str());
    if (process <= 0 || fs::read_symlink(entry.path() / "cwd", unreadable) != data || unreadable) continue;
    if (base::trim(read_text(entry.path() / "comm")) == "postgres") found.push_back(process);
  }
  return found;
}

// A server that was killed leaves sessions behind, which end when they next look for it: in the middle of a long
// statement that can be late. A new server beside them would destroy the data.
void end_orphans(const fs::path& data) {
  const auto real = fs::canonical(data);
  for (const int signal : {0, SIGQUIT, SIGKILL}) {
    const auto patience = Clock::now() + seconds(signal == 0 ? 2 : 5);
    for (bool told = false;; told = true) {
      const auto orphans = processes_on(real);
      if (orphans.empty()) return;
      if (!told && signal != 0)
        for (const pid_t process : orphans) kill(process, signal);
      if (Clock::now() > patience) break;
      std::this_thread::sleep_for(milliseconds(20));
    }
  }
  fail(fmt::format("Sessions of an earlier PostgreSQL server on {} don't end. Stop them first.", data.string()));
}

// What an earlier server left: waits for one that is still stopping, clears away what a dead one left behind.
void settle(const fs::path& data, const std::string& sockets) {
  auto file = data / "postmaster.pid";
  auto end = Clock::now() + seconds(15);
  for (;;) {
    if (!fs::exists(file)) return;
    pid_t process = std::atoi(read_text(file).c_str());
    std::error_code unreadable;
    auto folder = process > 0 ? fs::read_symlink(fmt::format("/proc/{}/cwd", process), unreadable) : fs::path();
    // After a restart of the machine or container the number may be anyone's; only a server of ours stands there.
    if (process <= 0 || unreadable || folder != fs::canonical(data)) {
      // Our lock is held: nobody else starts one here.
      end_orphans(data);
      fs::remove(file);
      fs::remove(fmt::format("{}/.s.PGSQL.{}", sockets, kPort));
      fs::remove(fmt::format("{}/.s.PGSQL.{}.lock", sockets, kPort));
      return;
    }
    if (Clock::now() > end)
      fail(fmt::format("A PostgreSQL server that is not ours (process {}) runs on {}. Stop it first.", process,
                       data.string()));
    std::this_thread::sleep_for(milliseconds(20));
  }
}

std::vector<std::string> command_line(const std::string& bin, const fs::path& data, const std::string& sockets) {
  std::vector<std::string> line = {bin + "/postgres", "-D", data.string()};
  for (const std::string& setting : {
           std::string("listen_addresses="),
           "unix_socket_directories=" + sockets,
           std::string("unix_socket_permissions=0700"),
           std::string("port=") + kPort,
           std::string("max_connections=120"),
           std::string("shared_buffers=128MB"),
           std::string("wal_level=minimal"),
           std::string("max_wal_senders=0"),
           std::string("max_wal_size=512MB"),
           std::string("checkpoint_timeout=15min"),
           std::string("fsync=on"),
           std::string("jit=off"),
           std::string("logging_collector=off"),
           std::string("log_timezone=UTC"),
           std::string("timezone=UTC"),
       }) {
    line.emplace_back("-c");
    line.push_back(setting);
  }
  return line;
}

bool ready(const fs::path& data) {
  auto lines = base::split(read_text(data / "postmaster.pid"), '\n');
  return lines.size() >= 8 && base::trim(lines[7]) == "ready";
}

std::unique_ptr<PGconn, void (*)(PGconn*)> connect_to(const std::string& sockets, const char* database) {
  const char* keys[] = {"host", "port", "user", "dbname", nullptr};
  const char* values[] = {sockets.c_str(), kPort, kRole, database, nullptr};
  return {PQconnectdbParams(keys, values, 0), PQfinish};
}

bool database_answers(const std::string& sockets) {
  return PQstatus(connect_to(sockets, kRole).get()) == CONNECTION_OK;
}

// The database of the role's name, where there is none.
void make_database(const std::string& sockets) {
  if (database_answers(sockets)) return;
  auto connection = connect_to(sockets, "postgres");
  std::unique_ptr<PGresult, void (*)(PGresult*)> made(PQexec(connection.get(), "CREATE DATABASE stheno"), PQclear);
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK)
    fail("The embedded database can't be made: " + std::string(base::trim(PQerrorMessage(connection.get()))));
}

} // namespace

struct EmbeddedServer::Place {
  std::string programs;
  fs::path home, data;
  RunAs user;
  std::string sockets; // the folder
};

int EmbeddedServer::installed_version() { return installed_programs().front().version; }

EmbeddedServer::EmbeddedServer(Progress progress) : progress_(std::move(progress)) {}

std::unique_ptr<EmbeddedServer> EmbeddedServer::start(const std::string& project, const Progress& given,
                                                      Embedding embedding) {
  Progress progress = given ? given : [](std::string_view) {};
  const auto installed = installed_programs();
  auto home = home_folder(fs::canonical(project), progress);
  const auto bin = programs_for(home / "data", installed).folder;
  auto user = choose_user(home);
  auto sockets = socket_folder(home, user);
  std::unique_ptr<EmbeddedServer> server(new EmbeddedServer(progress));
  server->place_ = std::make_unique<Place>(Place{bin, home, home / "data", user, sockets});
  server->url_ = fmt::format("postgres://{}@/{}?host={}&port={}", kRole, kRole, base::url_encode(sockets), kPort);
  server->lock_ = try_to_own(home);
  if (server->lock_ < 0 && embedding == Embedding::alone) fail_in_use(home, "Stop it first, or set DATABASE_URL.");
  if (server->lock_ < 0 && server->join()) return server;

  if (!sockets.starts_with(home.string())) server->temporary_ = sockets;
  if (!fs::exists(home / "data" / "PG_VERSION")) initialise(bin, home, user, progress);
  server->launch([] { return false; });
  make_database(sockets);
  return server;
}

// Uses the server that another process runs, once it answers; false when that process has ended meanwhile, which makes
// this one the owner.
bool EmbeddedServer::join() {
  const auto end = Clock::now() + seconds(60);
  do {
    users_ = open_lock(place_->home / "users");
    // Not to be had while the owner stops its server.
    if (flock(users_, LOCK_SH | LOCK_NB) == 0 && ready(place_->data) && database_answers(place_->sockets)) return true;
    close(std::exchange(users_, -1));
    lock_ = try_to_own(place_->home);
    if (lock_ >= 0) return false;
    std::this_thread::sleep_for(milliseconds(20));
  } while (Clock::now() < end);
  fail_in_use(place_->home, "It has not answered within a minute.");
}

void EmbeddedServer::launch(const std::function<bool()>& canceled) {
  const auto& data = place_->data;
  settle(data, place_->sockets);
  auto log = place_->home / "server.log";
  if (std::error_code none; fs::exists(log) && fs::file_size(log, none) > 10'000'000) fs::remove(log);
  process_ =
      start_child(command_line(place_->programs, data, place_->sockets), place_->user, log, Lifetime::supervised);
  auto slow = Clock::now() + seconds(3), end = Clock::now() + std::chrono::minutes(5);
  while (!ready(data)) {
    if (has_ended())
      fail(fmt::format("The embedded PostgreSQL did not start; {} says:{}", log.string(), last_lines(log)));
    if (canceled()) fail("The embedded PostgreSQL was not waited for.");
    if (Clock::now() > end) fail("The embedded PostgreSQL did not answer within five minutes.");
    if (Clock::now() > slow) {
      progress_("Waiting for PostgreSQL (after a crash it repairs its data first)");
      slow = end;
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
}

bool EmbeddedServer::has_ended() {
  if (process_ > 0 && waitpid(process_, nullptr, WNOHANG) == 0) return false;
  process_ = -1;
  return lock_ >= 0; // another's server is not ours to watch
}

void EmbeddedServer::start_again(const std::function<bool()>& canceled) { launch(canceled); }

EmbeddedServer::~EmbeddedServer() { stop(); }

void EmbeddedServer::stop() {
  if (process_ > 0) {
    users_ = ::open(((place_->home / "users").c_str()), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const auto end = Clock::now() + seconds(30);
    for (bool told = false; users_ >= 0 && flock(users_, LOCK_EX | LOCK_NB) != 0 && Clock::now() < end; told = true) {
      if (!told) progress_("Another command uses the embedded database: waiting for its end");
      std::this_thread::sleep_for(milliseconds(20));
    }
  }
  // Fast shutdown, then without writing (it repairs itself at the next start), then by force.
  struct Step {
    int signal;
    seconds patience;
  };
  for (auto step : {Step{SIGINT, seconds(30)}, Step{SIGQUIT, seconds(5)}, Step{SIGKILL, seconds(5)}}) {
    if (process_ <= 0) break;
    kill(process_, step.signal);
    for (auto end = Clock::now() + step.patience; Clock::now() < end;) {
      if (waitpid(process_, nullptr, WNOHANG) != 0) {
        process_ = -1;
        break;
      }
      std::this_thread::sleep_for(milliseconds(5));
    }
  }
  // Of its own in /tmp; the one beside the data stays.
  if (!temporary_.empty()) rmdir(temporary_.c_str());
  for (int* lock : {&users_, &lock_})
    if (*lock >= 0) close(std::exchange(*lock, -1));
}

} // namespace db
