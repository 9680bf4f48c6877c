// A process of Node.js in a project's folder, with descriptor 3 for talking to it. Owns nothing: the caller closes the
// descriptors and waits for the process. It has a process group of its own and does not outlive the thread that started it.
// Called by Child, and by app's Mirror, each on its thread.
#pragma once
#include <string>
#include <sys/types.h>
#include <vector>

namespace plugins {

struct NodeProcess {
  pid_t pid = -1;
  int talk = -1;   // this side of its descriptor 3, a socket
  int output = -1; // what it prints to its standard output and error
};

// `arguments` follow "node". Throws std::runtime_error where no process can be had. A `node` that can't be found ends with the
// status 127.
NodeProcess start_node(const std::string& folder, const std::vector<std::string>& arguments);

} // namespace plugins
