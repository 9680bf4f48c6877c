#include "app/database.hpp"
#include "base/error.hpp"
#include "cli/command.hpp"
#include "db/client_environment.hpp"
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

namespace cli {
namespace {

[[noreturn]] void become_psql(const std::vector<std::string>& words) {
  std::vector<char*> arguments{const_cast<char*>("psql")};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp("psql", arguments.data());
  const std::string why =
      errno == ENOENT ? "psql is not installed (apt-get install postgresql-client)" : std::strerror(errno);
  const std::string line = "error: psql can't be started: " + why + "\n";
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) {
    // Nobody is left to be told.
  }
  ::_exit(127);
}

// The embedded server lives as long as this process. An interrupt is psql's: it cancels a statement.
int run_psql(const std::vector<std::string>& words) {
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error(std::string("psql can't be started: ") + std::strerror(errno));
  if (child == 0) become_psql(words);
  std::signal(SIGINT, SIG_IGN);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

// A pooler takes no search path from a client, and a path that is set later would be the next client's too.
void leave_path_to_pooler(db::Options& options) {
  if (options.schema.empty()) return;
  try {
    db::probe(options);
  } catch (const base::Error&) {
    return; // psql says why
  }
  const auto pooling = options.pooler->pooling();
  if (pooling != db::Pooling::session && pooling != db::Pooling::transaction) return;
  std::fprintf(
      stderr,
      "A pooler stands before PostgreSQL and takes no search path: the shop's tables are named with their schema, as in %s.product\n",
      options.schema.c_str());
  options.schema.clear();
}

int psql(const Arguments& arguments) {
  std::vector<std::string> words = arguments.words;
  if (arguments.has("command")) words.insert(words.end(), {"-c", arguments.value("command")});
  if (arguments.has("file")) words.insert(words.end(), {"-f", arguments.value("file")});
  const config::Config config = load_config(arguments);
  // Its announcements would stand among what psql prints for a script.
  base::set_log_level(base::LogLevel::error);
  const app::Backing backing(config, db::Embedding::beside_another);
  db::Options options = backing.options(1);
  leave_path_to_pooler(options);
  db::set_client_environment(options);
  if (!backing.embedded()) become_psql(words);
  return run_psql(words);
}
} // namespace

const Command psql_command{
    "psql",
    "arguments of psql, behind --",
    "Opens the shop's database in psql, the embedded one too.",
    {{"command", 'c', "sql", "run this and end"}, {"file", 'f', "file", "run what the file holds and end"}},
    psql};

} // namespace cli
