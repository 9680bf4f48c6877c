#include "plugins/node.hpp"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace plugins {

NodeProcess start_node(const std::string& folder, const std::vector<std::string>& arguments) {
  const auto failed = [](const char* what) {
    throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
  };
  int talk[2], output[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, talk) != 0) failed("no socket for a process of node");
  if (::pipe2(output, O_CLOEXEC) != 0) {
    ::close(talk[0]), ::close(talk[1]);
    failed("no pipe for a process of node");
  }
  std::vector<char*> argv{const_cast<char*>("node")};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = ::getpid();
  // A signal must wait until the child has laid down this process' handlers.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t process = ::fork();
  if (process != 0) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::close(talk[1]), ::close(output[1]);
    if (process < 0) {
      ::close(talk[0]), ::close(output[0]);
      failed("node can't be started");
    }
    return {process, talk[0], output[0]};
  }

  // From here to exec: system calls only.
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(125);
  const int theirs = ::fcntl(talk[1], F_DUPFD, 16), printed = ::fcntl(output[1], F_DUPFD, 16);
  const int input = ::open("/dev/null", O_RDONLY);
  ::dup2(input, 0);
  ::dup2(printed, 1);
  ::dup2(printed, 2);
  ::dup2(theirs, 3);
  ::syscall(SYS_close_range, 4U, ~0U, 0U);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGCHLD}) ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir(folder.c_str()) != 0) ::_exit(126);
  ::execvp("node", argv.data());
  ::_exit(127);
}

} // namespace plugins
