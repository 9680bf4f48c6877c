// The child: a supervised process of Node.js in which the project's own Medusa runs, for what can only be JavaScript. Starts it,
// hears when it is ready and what it offers, notices when it ends or hangs, and starts it again.
// Owns: the process, a thread that looks after it, a folder with the sockets on which it listens. Made, started and stopped by
// app. What is asked of it, and its report, may be used on any thread.
// The frames are described in docs/decisions/0011-the-projects-own-medusa.md.
#pragma once
#include "base/json.hpp"
#include "plugins/report.hpp"
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace plugins {

// A child that has something to do and ends is not started again.
enum class Life { supervised, once };

struct ChildOptions {
  Life life = Life::supervised;
  std::string project;                     // its folder
  base::Json start = base::Json::object(); // what the host is told beside the paths and its own files
  // Where the last report is kept, so that a start with the same project knows at once who answers what, and beside it what
  // makes the next process quick to start. Empty: nowhere.
  std::string remembered_in{};
  std::string fingerprint{};                    // of all that the report comes from
  std::chrono::milliseconds patience{10'000};   // a child that says nothing for so long is ended
  std::chrono::milliseconds load_time{300'000}; // for its loaders
  // Before it is started again: none for the first time where it had come up; then this, doubled each time, up to
  std::chrono::milliseconds first_pause{200};
  std::chrono::milliseconds longest_pause{30'000};
  std::chrono::milliseconds longest_pause_of_ready{500}; // where it had come up
  std::chrono::milliseconds farewell{6'000};             // for it to end by itself
};

// What a child told at the last start of the same project; null where nobody knows.
std::shared_ptr<const Report> remembered_report(const std::string& file, const std::string& fingerprint);

class Child {
 public:
  explicit Child(ChildOptions options);
  ~Child(); // stops
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Before start(): one more of the settings that it is told.
  void set(const std::string& name, base::Json value);
  // Before start(): answers what the child asks. Runs on the child's thread and must not block it; what it throws is told.
  using Answer = std::function<base::Json(const base::Json& arguments)>;
  void answer(const std::string& method, Answer answer);
  // Before start(): a notice of the child's, of which "ready" is one.
  using Hear = std::function<void(const base::Json& arguments)>;
  void hear(const std::string& method, Hear hear);
  // Before start(): called on the child's thread when it can't be started, for a reason that starting again does not mend,
  // and when one that lives once has ended.
  void when_hopeless(std::function<void()> then);

  void start();
  // Ends the child and starts it anew at once, also one that could not be started: what it loads has changed.
  void restart();
  // Ends the child, and everything that it has started. Called once.
  void stop();

  enum class State {
    loading, // for the first time, or again
    ready,
    gone,     // it has ended, and is started again after a pause
    hopeless, // it can't be started
  };
  State state() const;
  // Whether it has been ready since start().
  bool was_ready() const;
  // Of the last time that it was ready, perhaps at an earlier start of the same project; null before the first.
  std::shared_ptr<const Report> report() const;
  const std::string& http_socket() const; // where its Express listens
  const std::string& asks_socket() const; // where it hears what providers are asked

  // Waits for the answer, on a fiber whose thread has said how its loop is reached. Throws base::Error: unavailable where the
  // child is not there, goes away or doesn't answer in time, and otherwise what it has answered.
  base::Json request(const std::string& method, base::Json arguments, std::chrono::milliseconds limit);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

} // namespace plugins
