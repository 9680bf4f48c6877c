// Redis as the rest of the server sees it: commands that read straight down on a fiber. No Asio, no hiredis.
// Owns: one connection, which comes back by itself. One Client per thread, used by many fibers of that thread at once:
// their commands share the connection and are pipelined. Called by http (sessions), events, jobs and the cache.
#pragma once
#include "base/json.hpp"
#include "config/driver_options.hpp"
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

enum class AddressFamily { any, ipv4, ipv6 };

struct Options {
  std::string host = "localhost";
  unsigned short port = 6379;
  std::string socket_path; // instead of host and port
  AddressFamily family = AddressFamily::any;
  std::string user, password;
  int database = 0;
  std::string connection_name; // shown by CLIENT LIST
  std::string setting{};       // the key of the configuration that names it, for messages
  std::string key_prefix;      // of ioredis; those who make keys put it before them
  config::TlsOptions tls;
  bool no_delay = true;
  std::chrono::milliseconds keep_alive{60'000}; // 0: TCP does not probe
  // How long a command may take; then it fails as unavailable. How long an attempt to connect may take.
  std::chrono::milliseconds patience{1000}, connect_patience{5000};
  // Before the first attempts to connect again; the last one counts for all that follow.
  std::vector<std::chrono::milliseconds> pauses;
};

// redis://[user[:password]@]host[:port][/database][?option=value], rediss:// for TLS, host:port, a port, or the path of a
// Unix socket; `options` are those of ioredis in checked form (config/driver_options.hpp), over which the URL wins.
// Throws std::invalid_argument that says what is wrong, without the password.
Options options_from(std::string_view url, const base::Json& options = base::Json::object());

struct Reply {
  enum class Kind { nil, status, integer, text, array, error };
  Kind kind = Kind::nil;
  std::int64_t integer = 0;
  std::string text; // of a status, a text or an error
  std::vector<Reply> elements;

  bool is_nil() const { return kind == Kind::nil; }
};

// What a failure to connect means for whoever has written the configuration: "it wants a password, and none is given"; empty for
// one that speaks for itself.
std::string_view meaning_of(std::string_view failure);

// Throws std::invalid_argument for certificates and keys that are none. Connects to nothing.
void check(const Options& options);

// Connects once, signs in and disconnects. Throws base::Error `unavailable` that names the setting and the reason. Blocks.
void probe(const Options& options);

using Command = std::vector<std::string>;

class Client {
 public:
  Client(boost::asio::io_context& io, Options options);
  ~Client(); // nobody may be waiting any more
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  const std::string& key_prefix() const;

  // Sends and waits; on a fiber only. Throws base::Error: `unavailable` when Redis can't be reached in time,
  // `unexpected_state` when it answers with an error.
  Reply run(Command command);
  // The same for several commands, in one go. An error reply is among the replies.
  std::vector<Reply> run_all(const std::vector<Command>& commands);
  // Sends what nobody waits for; lost when Redis is away.
  void send(const Command& command);
  // For good: whoever waits, for example for a blocking command, is told so as `unavailable`, soon and not in this call.
  void close();

 private:
  class Link;
  std::shared_ptr<Link> link_;
};

} // namespace redis
