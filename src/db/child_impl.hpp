// Child processes with another user's rights. Internal to db's embedded server. Blocks; main thread only.
#pragma once
#include <string>
#include <sys/types.h>
#include <vector>

namespace db {

// Whose rights a child has.
struct RunAs {
  uid_t user;
  gid_t group;
  std::vector<gid_t> groups;
  std::string name;
  bool change; // otherwise: those of this process
};
RunAs run_as_self();
RunAs run_as(uid_t user);

enum class Lifetime {
  waited_for, // the caller waits for its end
  supervised, // a process group of its own; gets SIGINT when the calling thread ends
};
// Starts `arguments[0]` with a small clean environment, output appended to the file `log`. Returns the process id.
pid_t start_child(const std::vector<std::string>& arguments, const RunAs& user, const std::string& log,
                  Lifetime lifetime);
// Waits for the end; the exit status, or 128 + signal.
int wait_child(pid_t process);
// Whether that user can enter and write the folder, by the kernel's own word.
bool can_use(const std::string& folder, const RunAs& user);

} // namespace db
