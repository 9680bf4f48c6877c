// The embedded server in folders of the test's own. Needs postgresql and takes some seconds.
#include "db/embedded.hpp"
#include "db/options.hpp"
#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  explicit Folder(const std::string& suffix = "") {
    char name[] = "/tmp/stheno-test-XXXXXX";
    path = mkdtemp(name);
    fs::permissions(path, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    if (!suffix.empty()) fs::create_directory(path / suffix), path /= suffix;
  }
  ~Folder() {
    auto top = path;
    while (top.parent_path() != "/tmp") top = top.parent_path();
    fs::remove_all(top);
  }
};

bool installed() {
  bool there = fs::exists("/usr/lib/postgresql");
  if (!there) std::cout << "skipped: the embedded server needs postgresql\n";
  return there;
}

// Not running: no such process, or one that nobody has asked about yet.
bool ended(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string number, name, state = "X";
  file >> number >> name >> state;
  return state == "Z" || state == "X";
}

std::string answer(const std::string& url, const char* sql) {
  db::Options options;
  options.url = url;
  std::string text;
  db::run_blocking(options, [&](db::Database& database) {
    auto result = database.shared().run(db::Statement::once(sql));
    if (result.rows() > 0) text = result.text(0, 0);
  });
  return text;
}

} // namespace

TEST_CASE("an embedded server starts, keeps its data, is used by one, and stops") {
  if (!installed()) return;
  Folder folder;
  std::vector<std::string> said;
  auto progress = [&](std::string_view line) { said.emplace_back(line); };
  auto server = db::EmbeddedServer::start(folder.path, progress);
  CHECK(said.size() == 1);
  CHECK(fs::exists(folder.path / ".stheno/postgres/data/PG_VERSION"));
  answer(server->url(), "CREATE TABLE kept AS SELECT 42 AS value");
  CHECK(answer(server->url(), "SHOW listen_addresses") == "");
  CHECK(answer(server->url(), "SHOW fsync") == "on");
  CHECK_THROWS_WITH(db::EmbeddedServer::start(folder.path), doctest::Contains("in use by another stheno"));
  auto process = server->process();
  std::ostringstream log;
  log << std::ifstream(folder.path / ".stheno/postgres/server.log").rdbuf();
  INFO(log.str());
  CHECK(!ended(process));
  server->stop();
  CHECK(ended(process));

  auto before = std::chrono::steady_clock::now();
  server = db::EmbeddedServer::start(folder.path, progress);
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(1));
  CHECK(said.size() == 1);
  CHECK(answer(server->url(), "SELECT value FROM kept") == "42");
}

TEST_CASE("an embedded server does not outlive a killed owner, and what it left is taken over") {
  if (!installed()) return;
  Folder folder;
  int pipes[2];
  REQUIRE(pipe(pipes) == 0);
  pid_t owner = fork();
  if (owner == 0) {
    int process = -1;
    try {
      auto server = db::EmbeddedServer::start(folder.path);
      process = server->process();
      [[maybe_unused]] auto written = write(pipes[1], &process, sizeof process);
      pause();
    } catch (const std::exception&) {
    }
    _exit(1);
  }
  close(pipes[1]);
  int process = -1;
  CHECK(read(pipes[0], &process, sizeof process) == sizeof process);
  close(pipes[0]);
  REQUIRE(process > 0);
  kill(owner, SIGKILL);
  waitpid(owner, nullptr, 0);
  auto server = db::EmbeddedServer::start(folder.path);
  CHECK(answer(server->url(), "SELECT 1") == "1");
  CHECK(ended(process));
  server->stop();

  // A process number from before a restart of the machine, which is someone else's now.
  std::ofstream(folder.path / ".stheno/postgres/data/postmaster.pid") << getpid() << "\n";
  server = db::EmbeddedServer::start(folder.path);
  CHECK(answer(server->url(), "SELECT 1") == "1");
}

TEST_CASE("an embedded server that is killed starts again on the same data, beside no orphan") {
  if (!installed()) return;
  Folder folder;
  auto server = db::EmbeddedServer::start(folder.path);
  const std::string url = server->url();
  answer(url, "CREATE TABLE kept AS SELECT 42 AS value");
  CHECK_FALSE(server->has_ended());
  const int first = server->process();
  // A session that does not notice that its server is gone.
  std::thread busy([&] { CHECK_THROWS(answer(url, "DO $$ BEGIN LOOP END LOOP; END $$")); });
  while (answer(url, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'") != "1") {
  }
  kill(first, SIGKILL);
  while (!server->has_ended()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  CHECK_THROWS_WITH(server->start_again([] { return true; }), doctest::Contains("was not waited for"));
  server->stop();
  server = db::EmbeddedServer::start(folder.path);
  busy.join();
  CHECK(server->url() == url);
  CHECK(answer(url, "SELECT value FROM kept") == "42");
  kill(server->process(), SIGKILL);
  while (!server->has_ended()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  server->start_again([] { return false; });
  CHECK(answer(url, "SELECT value FROM kept") == "42");
}

TEST_CASE("a command uses the server that another process runs, and is waited for") {
  if (!installed()) return;
  Folder folder;
  auto owner = db::EmbeddedServer::start(folder.path);
  auto guest = db::EmbeddedServer::start(folder.path, {}, db::Embedding::beside_another);
  CHECK(guest->url() == owner->url());
  CHECK(guest->process() == -1);
  CHECK_FALSE(guest->has_ended());
  CHECK(answer(guest->url(), "SELECT 1") == "1");
  std::thread leaving([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(answer(guest->url(), "SELECT 1") == "1");
    guest->stop();
  });
  owner->stop();
  leaving.join();
  // Nobody is left: the next one runs a server of its own.
  guest = db::EmbeddedServer::start(folder.path, {}, db::Embedding::beside_another);
  CHECK(guest->process() > 0);
}

TEST_CASE("a long path gets a short socket") {
  if (!installed()) return;
  Folder folder(std::string(90, 'x'));
  auto server = db::EmbeddedServer::start(folder.path);
  CHECK(answer(server->url(), "SELECT 1") == "1");
  CHECK(server->url().find("stheno-") != std::string::npos);
}

TEST_CASE("root's closed folder is answered with files elsewhere") {
  if (!installed() || geteuid() != 0) return;
  Folder folder;
  fs::permissions(folder.path, fs::perms::owner_all);
  fs::path elsewhere;
  {
    auto server = db::EmbeddedServer::start(folder.path);
    CHECK(answer(server->url(), "SELECT 1") == "1");
    elsewhere = fs::read_symlink(folder.path / ".stheno/postgres");
    CHECK(elsewhere.string().starts_with("/var/lib/stheno/"));
  }
  CHECK(db::EmbeddedServer::start(folder.path) != nullptr);
  fs::remove_all(elsewhere);
}
