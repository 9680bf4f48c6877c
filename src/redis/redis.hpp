// Redis as the rest of the server sees it: commands that read straight down on a fiber. No Asio, no hiredis.
// Owns: one connection, which comes back by itself. One Client per thread, used by many fibers of that thread at once:
// their commands share the connection and are pipelined. Called by http (sessions), events, jobs and the cache.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace redis {

struct Options {
  std::string host = "127.0.0.1";
  unsigned short port = 6379;
  std::string socket_path; // instead of host and port
  std::string user, password;
  int database = 0;
  bool tls = false;
  bool verify_certificate = true;
  // How long a command may take, connecting included; then it fails as unavailable.
  std::chrono::milliseconds patience{1000};
};

// redis://[user[:password]@]host[:port][/database], rediss:// for TLS, host:port, or the path of a Unix socket.
// Throws std::invalid_argument that says what is wrong, without the password.
Options parse_url(std::string_view url);

struct Reply {
  enum class Kind { nil, status, integer, text, array, error };
  Kind kind = Kind::nil;
  std::int64_t integer = 0;
  std::string text; // of a status, a text or an error
  std::vector<Reply> elements;

  bool is_nil() const { return kind == Kind::nil; }
};

using Command = std::vector<std::string>;

class Client {
 public:
  Client(boost::asio::io_context& io, Options options);
  ~Client(); // nobody may be waiting any more
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Sends and waits; on a fiber only. Throws base::Error: `unavailable` when Redis can't be reached in time,
  // `unexpected_state` when it answers with an error.
  Reply run(Command command);
  // The same for several commands, in one go. An error reply is among the replies.
  std::vector<Reply> run_all(std::vector<Command> commands);
  // Sends what nobody waits for; lost when Redis is away.
  void send(Command command);

 private:
  class Link;
  std::shared_ptr<Link> link_;
};

} // namespace redis
