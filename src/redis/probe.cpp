#include "base/error.hpp"
#include "base/fiber.hpp"
#include "redis/redis.hpp"
#include "redis/transport.hpp"
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace redis {
namespace {

struct Meaning {
  std::string_view failure, meaning;
};
constexpr Meaning kMeanings[] = {
    {"WRONGPASS", "it refuses the user or the password"},
    {"invalid password", "it refuses the password"},
    {"NOAUTH", "it wants a password, and none is given"},
    {"NOPERM", "its user may not do what is needed"},
    {"certificate verify failed", "nobody who is known vouches for its certificate under this name; give tls.ca, or "
                                  "tls.rejectUnauthorized: false"},
    {"certificate required", "it wants a certificate of this server: give tls.cert and tls.key"},
    {"wrong version number", "it speaks no TLS on this port: redis:// instead of rediss://"},
    {"Host not found", "its host is unknown"},
    {"Connection refused", "nobody listens on this port"},
    {"DB index", "it has no database of this number"},
};
} // namespace

std::string_view meaning_of(std::string_view failure) {
  const auto found = std::find_if(std::begin(kMeanings), std::end(kMeanings),
                                  [&](const Meaning& row) { return failure.find(row.failure) != failure.npos; });
  return found == std::end(kMeanings) ? std::string_view() : found->meaning;
}

void check(const Options& options) {
  boost::asio::io_context loop(1);
  make_transport(loop, options);
}

void probe(const Options& given) {
  Options options = given;
  options.patience = std::max(options.patience, options.connect_patience);
  boost::asio::io_context loop(1);
  std::string failure;
  {
    Client client(loop, options);
    boost::asio::post(loop, [&] {
      base::spawn_fiber([&] {
        try {
          client.run({"PING"});
        } catch (const base::Error& error) {
          failure = error.what();
        }
        loop.stop();
      });
    });
    loop.run();
  }
  if (failure.empty()) return;
  const std::string_view meaning = meaning_of(failure);
  throw base::Error(base::ErrorType::unavailable, (options.setting.empty() ? std::string() : options.setting + ": ") +
                                                      failure +
                                                      (meaning.empty() ? "" : " (" + std::string(meaning) + ")"));
}

} // namespace redis
