#include "db/child_impl.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace db {
namespace {

// In the child, between fork and exec: system calls only.
bool become(const RunAs& user) {
  if (!user.change) return true;
  return setgroups(user.groups.size(), user.groups.data()) == 0 && setgid(user.group) == 0 && setuid(user.user) == 0;
}

} // namespace

RunAs run_as_self() { return {geteuid(), getegid(), {}, {}, false}; }

RunAs run_as(uid_t user) {
  RunAs result{user, static_cast<gid_t>(user), {}, std::to_string(user), user != geteuid()};
  if (const passwd* entry = getpwuid(user)) {
    result.group = entry->pw_gid;
    result.name = entry->pw_name;
    int count = 64;
    result.groups.resize(count);
    if (getgrouplist(entry->pw_name, entry->pw_gid, result.groups.data(), &count) < 0) count = 0;
    result.groups.resize(count);
  }
  return result;
}

pid_t start_child(const std::vector<std::string>& arguments, const RunAs& user, const std::string& log,
                  Lifetime lifetime) {
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", locale[] = "LC_ALL=C.UTF-8", zone[] = "TZ=UTC";
  char* environment[] = {path, locale, zone, nullptr};
  pid_t parent = getpid();
  // A signal to the child must wait until it has laid down this process' handlers.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t process = fork();
  if (process != 0) pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (process < 0) throw std::runtime_error(std::string("can't start a process: ") + std::strerror(errno));
  if (process > 0) return process;

  int input = ::open("/dev/null", O_RDONLY);
  int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (output < 0) output = ::open("/dev/null", O_WRONLY);
  dup2(input, 0);
  dup2(output, 1);
  dup2(output, 2);
  syscall(SYS_close_range, 3U, ~0U, 0U);
  if (lifetime == Lifetime::supervised) setpgid(0, 0);
  if (chdir("/") != 0 || !become(user)) _exit(126);
  // After the change of user, which clears it.
  if (lifetime == Lifetime::supervised) {
    prctl(PR_SET_PDEATHSIG, SIGINT);
    if (getppid() != parent) _exit(125);
  }
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGQUIT, SIGHUP}) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execve(argv[0], argv.data(), environment);
  _exit(127);
}

int wait_child(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool can_use(const std::string& folder, const RunAs& user) {
  pid_t process = fork();
  if (process < 0) return false;
  if (process == 0) _exit(become(user) && access(folder.c_str(), R_OK | W_OK | X_OK) == 0 ? 0 : 1);
  return wait_child(process) == 0;
}

} // namespace db
