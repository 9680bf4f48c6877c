#include "base/error.hpp"
#include "base/fiber.hpp"
#include "redis/redis.hpp"
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

// Speaks as much of the protocol as the tests need, in threads of its own. "HANG" is never answered, "DROP" ends the
// connection.
class FakeRedis {
 public:
  explicit FakeRedis(std::string password = {})
      : password_(std::move(password)), acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
    port_ = acceptor_.local_endpoint().port();
    thread_ = std::thread([this] {
      for (;;) {
        boost::system::error_code error;
        tcp::socket socket = acceptor_.accept(error);
        if (error || stopping_) return;
        connections_++;
        serve(std::move(socket));
      }
    });
  }
  ~FakeRedis() {
    stopping_ = true;
    boost::system::error_code ignored;
    asio::io_context io;
    tcp::socket wake(io);
    wake.connect({asio::ip::address_v4::loopback(), port_}, ignored);
    thread_.join();
  }
  unsigned short port() const { return port_; }
  int connections() const { return connections_; }
  std::string log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

 private:
  // One connection at a time is all that a client needs.
  void serve(tcp::socket socket) {
    asio::streambuf buffer;
    boost::system::error_code error;
    std::istream in(&buffer);
    bool allowed = password_.empty();
    const auto line = [&] {
      asio::read_until(socket, buffer, "\r\n", error);
      std::string text;
      std::getline(in, text);
      if (!text.empty()) text.pop_back();
      return text;
    };
    for (;;) {
      const auto count = line();
      if (error || count.empty()) return;
      std::vector<std::string> command;
      for (int i = 0, n = std::stoi(count.substr(1)); i < n && !error; i++) {
        const std::size_t size = std::stoul(line().substr(1));
        if (buffer.size() < size + 2)
          asio::read(socket, buffer, asio::transfer_at_least(size + 2 - buffer.size()), error);
        std::string part(size + 2, '\0');
        in.read(part.data(), static_cast<std::streamsize>(part.size()));
        part.resize(size);
        command.push_back(part);
      }
      if (error) return;
      {
        const std::lock_guard lock(mutex_);
        log_ += command[0] + " ";
      }
      if (command[0] == "DROP") return;
      if (command[0] == "HANG") continue;
      std::string reply = "-ERR unknown command\r\n";
      if (command[0] == "AUTH") {
        allowed = command.back() == password_;
        reply = allowed ? "+OK\r\n" : "-WRONGPASS invalid username-password pair\r\n";
      } else if (!allowed) {
        reply = "-NOAUTH Authentication required.\r\n";
      } else if (command[0] == "PING" || command[0] == "SELECT") {
        reply = "+OK\r\n";
      } else if (command[0] == "SET") {
        values_[command[1]] = command[2];
        reply = "+OK\r\n";
      } else if (command[0] == "GET") {
        const auto at = values_.find(command[1]);
        reply =
            at == values_.end() ? "$-1\r\n" : "$" + std::to_string(at->second.size()) + "\r\n" + at->second + "\r\n";
      } else if (command[0] == "LIST") {
        reply = "*3\r\n:1\r\n*2\r\n$1\r\na\r\n$-1\r\n+x\r\n";
      }
      asio::write(socket, asio::buffer(reply), error);
    }
  }

  std::string password_;
  asio::io_context io_;
  tcp::acceptor acceptor_;
  unsigned short port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
  std::map<std::string, std::string> values_;
  std::mutex mutex_;
  std::string log_;
};

// Runs `work` on a fiber with a client, until it has ended.
template<class Work> void with_client(const redis::Options& options, Work work) {
  asio::io_context io;
  std::optional<redis::Client> client(std::in_place, io, options);
  std::exception_ptr failure;
  base::spawn_fiber([&] {
    try {
      work(io, *client);
    } catch (...) {
      failure = std::current_exception();
    }
    client.reset();
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
}

void sleep_on_fiber(asio::io_context& io, std::chrono::milliseconds time) {
  asio::steady_timer timer(io, time);
  auto* fiber = base::current_fiber();
  timer.async_wait([fiber](auto) { base::resume_fiber(fiber); });
  base::suspend_fiber();
}

redis::Options options_for(const FakeRedis& server) {
  redis::Options options;
  options.port = server.port();
  return options;
}

base::ErrorType type_of_failure(redis::Client& client, redis::Command command) {
  try {
    client.run(std::move(command));
  } catch (const base::Error& error) {
    return error.type;
  }
  return base::ErrorType::not_found;
}

} // namespace

TEST_CASE("commands and replies") {
  FakeRedis server("a secret");
  auto options = options_for(server);
  options.password = "a secret";
  options.database = 2;
  with_client(options, [](auto&, redis::Client& client) {
    CHECK(client.run({"GET", "missing"}).is_nil());
    const std::string binary("\0\r\n\xff", 4);
    CHECK(client.run({"SET", "key", binary}).text == "OK");
    CHECK(client.run({"GET", "key"}).text == binary);
    const auto list = client.run({"LIST"});
    REQUIRE(list.elements.size() == 3);
    CHECK(list.elements[0].integer == 1);
    CHECK(list.elements[1].elements[0].text == "a");
    CHECK(list.elements[1].elements[1].is_nil());
    CHECK(list.elements[2].kind == redis::Reply::Kind::status);
    CHECK(type_of_failure(client, {"NOSUCH"}) == base::ErrorType::unexpected_state);
    const auto several = client.run_all({{"GET", std::string("key")}, {"NOSUCH"}, {"GET", std::string("missing")}});
    REQUIRE(several.size() == 3);
    CHECK(several[1].kind == redis::Reply::Kind::error);
    client.send({"SET", "key", "later"});
    CHECK(client.run({"GET", "key"}).text == "later");
  });
  CHECK(server.log().starts_with("AUTH SELECT PING GET SET "));
}

TEST_CASE("many fibers share a connection") {
  FakeRedis server;
  with_client(options_for(server), [](auto& io, redis::Client& client) {
    int right = 0;
    for (int i = 0; i < 200; i++)
      base::spawn_fiber([&client, &right, i] {
        const auto key = std::to_string(i);
        client.run({"SET", key, key});
        right += client.run({"GET", key}).text == key;
      });
    while (right < 200) sleep_on_fiber(io, 1ms);
  });
  CHECK(server.connections() == 1);
}

TEST_CASE("a lost connection fails what waits and comes back") {
  FakeRedis server;
  with_client(options_for(server), [](auto& io, redis::Client& client) {
    client.run({"SET", "key", "value"});
    CHECK(type_of_failure(client, {"DROP"}) == base::ErrorType::unavailable);
    CHECK(type_of_failure(client, {"GET", "key"}) ==
          base::ErrorType::unavailable); // at once: it pauses before it returns
    sleep_on_fiber(io, 200ms);
    CHECK(client.run({"GET", "key"}).text == "value");
  });
  CHECK(server.connections() == 2);
}

TEST_CASE("nobody waits longer than the patience") {
  FakeRedis server;
  auto options = options_for(server);
  options.patience = 200ms;
  const auto start = std::chrono::steady_clock::now();
  with_client(options, [](auto&, redis::Client& client) {
    CHECK(type_of_failure(client, {"HANG"}) == base::ErrorType::unavailable);
  });
  redis::Options nobody;
  nobody.port = 1;
  with_client(nobody, [](auto&, redis::Client& client) {
    CHECK(type_of_failure(client, {"PING"}) == base::ErrorType::unavailable);
  });
  CHECK(std::chrono::steady_clock::now() - start < 1s);
}

TEST_CASE("a wrong password is unavailable, not a hang") {
  FakeRedis server("a secret");
  auto options = options_for(server);
  options.password = "wrong";
  with_client(options, [](auto&, redis::Client& client) {
    CHECK(type_of_failure(client, {"PING"}) == base::ErrorType::unavailable);
  });
}

TEST_CASE("redis_url") {
  const auto parse = [](const char* url, const char* options = "{}") {
    return redis::options_from(url, base::parse_json(options));
  };
  auto options = parse("redis://localhost:6380/3");
  CHECK(options.host == "localhost");
  CHECK(options.port == 6380);
  CHECK(options.database == 3);
  options = parse("rediss://user:p%40ss@redis.example");
  CHECK(options.tls.on);
  CHECK(options.tls.verify == config::TlsOptions::Verify::everything);
  CHECK(options.user == "user");
  CHECK(options.password == "p@ss");
  CHECK(options.host == "redis.example");
  CHECK(options.port == 6379);
  CHECK(parse("redis://:pw@h").password == "pw");
  CHECK(parse("h:7").port == 7);
  CHECK(parse("7").port == 7);
  CHECK(parse("redis://[::1]:7").host == "::1");
  CHECK(parse("/run/redis.sock?db=4").socket_path == "/run/redis.sock");
  CHECK(parse("/run/redis.sock?db=4").database == 4);
  CHECK(parse("redis://h?family=6&connectionName=a+b").family == redis::AddressFamily::ipv6);
  CHECK(parse("redis://h?connectionName=a+b").connection_name == "a b");
  CHECK_THROWS_AS(parse("http://h"), std::invalid_argument);
  CHECK_THROWS_AS(parse("redis://h:x"), std::invalid_argument);
  CHECK_THROWS_AS(parse("redis://h/x"), std::invalid_argument);
  for (const char* url : {"redis://:secret#r@h", "redis://:1#secret@h", "redis://:secret/r@h", "redis://:1/secret@h",
                          "redis://:secret?r@h", "redis://:secret", "secret#r@h", "secret://r@h"}) {
    std::string refused;
    try {
      parse(url);
    } catch (const std::invalid_argument& fault) {
      refused = fault.what();
    }
    CHECK_MESSAGE(refused.find("percent-encode") != std::string::npos, url);
    CHECK_MESSAGE(refused.find("secret") == std::string::npos, url);
  }
  CHECK(redis::meaning_of("NOAUTH Authentication required.") == "it wants a password, and none is given");
  CHECK(redis::meaning_of("something else").empty());
}

TEST_CASE("redis_options stand where the URL says nothing") {
  const auto parse = [](const char* url, const char* options) {
    return redis::options_from(url, base::parse_json(options));
  };
  const char* all = R"({"host":"o","port":9,"db":2,"username":"u","password":"p","connectionName":"n","keyPrefix":"k:",
    "commandTimeout":300,"connectTimeout":400,"keepAlive":0,"noDelay":false,"retryStrategy":[10,20]})";
  auto options = parse("redis://a@h:1/3", all);
  CHECK(options.host == "h");
  CHECK(options.port == 1);
  CHECK(options.database == 3);
  CHECK(options.user == "a");
  CHECK(options.password.empty()); // the login of a URL counts as a whole
  options = parse("redis://", all);
  CHECK(options.host == "o");
  CHECK(options.port == 9);
  CHECK(options.database == 2);
  CHECK(options.user == "u");
  CHECK(options.password == "p");
  CHECK(options.connection_name == "n");
  CHECK(options.key_prefix == "k:");
  CHECK(options.patience == 300ms);
  CHECK(options.connect_patience == 400ms);
  CHECK(options.keep_alive == 0ms);
  CHECK(!options.no_delay);
  CHECK(options.pauses == std::vector<std::chrono::milliseconds>{10ms, 20ms});
  CHECK(parse("redis://h", R"({"tls":{}})").tls.on);
  CHECK(!parse("rediss://h", R"({"tls":false})").tls.on);
  CHECK(parse("rediss://h", R"({"tls":{"rejectUnauthorized":false}})").tls.verify ==
        config::TlsOptions::Verify::nothing);
}
