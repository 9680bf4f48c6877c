#include "db/embedded.hpp"
#include "base/strings.hpp"
#include "db/child_impl.hpp"
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

// Where Debian, or whoever made the PostgreSQL that pg_config speaks of, keeps the programs of version 15.
std::string programs() {
  std::vector<std::string> candidates = {"/usr/lib/postgresql/15/bin"};
  if (FILE* pipe = popen("pg_config --bindir 2>/dev/null", "r")) {
    char line[512] = {};
    if (std::fgets(line, sizeof line, pipe)) candidates.emplace_back(base::trim(line));
    pclose(pipe);
  }
  for (const auto& folder : candidates)
    if (access((folder + "/postgres").c_str(), X_OK) == 0 && access((folder + "/initdb").c_str(), X_OK) == 0)
      return folder;
  fail("PostgreSQL 15 is not installed. Install it (apt-get install postgresql-15), or set DATABASE_URL.");
}

std::string read_text(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
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

// Held as long as this process lives; the kernel lets go of it however it ends.
int lock_folder(const fs::path& home) {
  auto path = home / "lock";
  int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) fail(fmt::format("{} can't be opened: {}", path.string(), std::strerror(errno)));
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    char owner[32] = {};
    auto length = read(file, owner, sizeof owner - 1);
    close(file);
    fail(fmt::format("The embedded database in {} is in use by another stheno{}. Stop it first, or set DATABASE_URL.",
                     home.string(), length > 0 ? " (process " + std::string(base::trim(owner)) + ")" : ""));
  }
  auto own = std::to_string(getpid()) + "\n";
  if (ftruncate(file, 0) != 0 || pwrite(file, own.data(), own.size(), 0) < 0) {
    // Only the hint for others is lost.
  }
  return file;
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

// The database of the role's name, where there is none.
void make_database(const std::string& sockets) {
  auto connect = [&](const char* name) {
    const char* keys[] = {"host", "port", "user", "dbname", nullptr};
    const char* values[] = {sockets.c_str(), kPort, kRole, name, nullptr};
    return std::unique_ptr<PGconn, void (*)(PGconn*)>(PQconnectdbParams(keys, values, 0), PQfinish);
  };
  if (PQstatus(connect(kRole).get()) == CONNECTION_OK) return;
  auto connection = connect("postgres");
  std::unique_ptr<PGresult, void (*)(PGresult*)> made(PQexec(connection.get(), "CREATE DATABASE stheno"), PQclear);
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK)
    fail("The embedded database can't be made: " + std::string(base::trim(PQerrorMessage(connection.get()))));
}

} // namespace

std::unique_ptr<EmbeddedServer> EmbeddedServer::start(const std::string& project, const Progress& given) {
  Progress progress = given ? given : [](std::string_view) {};
  auto bin = programs();
  auto home = home_folder(fs::canonical(project), progress);
  auto data = home / "data";
  std::unique_ptr<EmbeddedServer> server(new EmbeddedServer);
  server->lock_ = lock_folder(home);
  auto user = choose_user(home);
  auto sockets = socket_folder(home, user);
  if (!sockets.starts_with(home.string())) server->temporary_ = sockets;
  if (!fs::exists(data / "PG_VERSION")) initialise(bin, home, user, progress);
  if (auto version = read_text(data / "PG_VERSION"); base::trim(version) != "15")
    fail(fmt::format("{} was made by PostgreSQL {}, this one is 15.", data.string(), base::trim(version)));
  settle(data, sockets);

  auto log = home / "server.log";
  if (std::error_code none; fs::exists(log) && fs::file_size(log, none) > 10'000'000) fs::remove(log);
  server->process_ = start_child(command_line(bin, data, sockets), user, log, Lifetime::supervised);
  auto slow = Clock::now() + seconds(3), end = Clock::now() + std::chrono::minutes(5);
  while (!ready(data)) {
    if (waitpid(server->process_, nullptr, WNOHANG) != 0) {
      server->process_ = -1;
      fail(fmt::format("The embedded PostgreSQL did not start; {} says:{}", log.string(), last_lines(log)));
    }
    if (Clock::now() > end) fail("The embedded PostgreSQL did not answer within five minutes.");
    if (Clock::now() > slow) {
      progress("Waiting for PostgreSQL (after a crash it repairs its data first)");
      slow = end;
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
  make_database(sockets);
  server->url_ = fmt::format("postgres://{}@/{}?host={}&port={}", kRole, kRole, base::url_encode(sockets), kPort);
  return server;
}

EmbeddedServer::~EmbeddedServer() { stop(); }

void EmbeddedServer::stop() {
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
  if (lock_ >= 0) close(lock_);
  lock_ = -1;
}

} // namespace db
