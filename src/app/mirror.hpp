// A share of the live GETs, sent in the background to another running server as well, whose answers are compared with those that
// were given (docs/decisions/0017-mirror.md). What differs is counted and told in the log.
// Owns: a queue of bounded size, and a thread that looks after a process of node, which asks and compares (tools/mirror.js). Made,
// started and stopped by serve() on the main thread. Whoever answers shoppers copies an answer and puts it into the queue, on any
// thread; he waits for nothing but its lock.
#pragma once
#include "app/mirror_options.hpp"
#include "http/dispatcher.hpp"
#include "http/server.hpp"
#include <memory>
#include <string>

namespace app {

// Whether the other server knows the sessions that this one's cookies name.
enum class SessionsLie { in_redis, in_this_process };

class Mirror {
 public:
  // `site` must outlive it. `project` is the folder in which node runs.
  Mirror(MirrorOptions options, const http::Site& site, std::string project, SessionsLie sessions);
  ~Mirror(); // stops
  Mirror(const Mirror&) = delete;
  Mirror& operator=(const Mirror&) = delete;

  // The responders of a server, which then hand a share of what they have answered to this mirror. It must outlive the server.
  http::MakeResponder copying(http::MakeResponder make);
  void start();
  // Forgets what waits and what is under way.
  void stop();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

} // namespace app
