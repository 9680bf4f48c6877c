// One client's connection. It is driven by callbacks and owns no stack and no read buffer while it is idle; a request in
// progress runs on a fiber. At any time exactly one of these is outstanding: a wait on the socket, or the fiber; whoever
// comes back from it goes on or destroys the connection. Owned by the list of its thread; used on that thread only.
#pragma once
#include "http/request_parser.hpp"
#include "http/server.hpp"
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <vector>

namespace http {

class Connection;

// What the connections of one thread share.
struct Loop {
  using Clock = std::chrono::steady_clock;

  Loop(boost::asio::io_context& io_context, const Limits& size_limits, const Timeouts& time_limits)
      : io(io_context), limits(size_limits), timeouts(time_limits) {}

  boost::asio::io_context& io;
  const Limits& limits;
  const Timeouts& timeouts;
  std::unique_ptr<Responder> responder;
  // A connection is in one of these. Those that may be closed to make room wait for a request, the one that has waited
  // longest first; the others are at work or have only just come.
  std::list<std::unique_ptr<Connection>> busy, idle;
  std::vector<char> buffer = std::vector<char>(64 * 1024); // for the read of the moment
  bool stopping = false;
  Clock::time_point stopped_at{}; // when stopping: since when
  std::function<void()> on_empty; // when stopping: the last connection has gone

  bool empty() const { return busy.empty() && idle.empty(); }
  // Closes up to that many idle connections, in the order of the list; returns how many.
  int close_idle(int most);

  // The time as a header shows it, made once a second.
  const std::string& date();

 private:
  std::int64_t date_second_ = 0;
  std::string date_;
};

class Connection {
 public:
  Connection(Loop& loop, boost::asio::ip::tcp::socket socket);
  // Begins to serve; `self` is its place in the list of the busy ones.
  void begin(std::list<std::unique_ptr<Connection>>::iterator self);
  // Ends what has taken too long.
  void reap(Loop::Clock::time_point now);
  // The server stops: a connection that waits closes when nothing more comes, a busy one after its request.
  void wind_down();
  // Makes room for another connection, unless a request has just arrived; whether it closed.
  bool give_way();

 private:
  class Passage; // passing.cpp
  struct PassageDeleter {
    void operator()(Passage* passage) const;
  };
  enum class Phase { reading, responding, writing, lingering };

  void wait_for_bytes();
  void be_idle();
  void be_busy();
  bool bytes_wait();
  void read();
  void process(std::string_view bytes);
  void ask();
  void go_on();
  bool tell_to_continue();
  void run(std::function<void()> work, void (Connection::*after)());
  void respond();
  void pass();
  void passed();
  // Whether the server stops, and nothing more of this client has arrived: the answer is the last one.
  bool says_farewell();
  void compose();
  void write();
  void send_file();
  void sent();
  void refuse(int status);
  void linger();
  void wait_to_drop();
  void drop_bytes();
  void destroy();
  void deadline_after(std::chrono::milliseconds time) { deadline_ = Loop::Clock::now() + time; }

  Loop& loop_;
  boost::asio::ip::tcp::socket socket_;
  std::list<std::unique_ptr<Connection>>::iterator self_{};
  RequestParser parser_;
  Response response_;
  std::string peer_;
  std::string pending_; // bytes after the request in progress
  std::string head_;    // of the response, on the way out
  std::array<boost::asio::const_buffer, 2> out_;
  Loop::Clock::time_point deadline_{}, request_deadline_{};
  Phase phase_ = Phase::reading;
  bool finished_ = false, waiting_ = false; // the fiber has ended; the loop has gone on without it
  bool close_after_ = false, idle_ = false; // the answer ends the connection; it is in the loop's list of idle ones
  bool wants_body_ = false;
  std::unique_ptr<Passage, PassageDeleter> passage_; // of a request that is passed on
  bool client_gone_ = false;                         // while that was done
  Loop::Clock::time_point quiet_since_{};            // since when a request is waited for
  std::size_t dropped_ = 0;
};

} // namespace http
