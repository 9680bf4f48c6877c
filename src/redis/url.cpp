#include "base/strings.hpp"
#include "redis/redis.hpp"
#include <charconv>
#include <stdexcept>

namespace redis {
namespace {

template<class T> T number(std::string_view text, const char* what) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::invalid_argument(std::string("redis_url: ") + what + " \"" + std::string(text) + "\" is not a number");
  return value;
}

std::string decoded(std::string_view text) { return base::url_decode(text, base::PlusAsBlank::no); }

} // namespace

Options parse_url(std::string_view url) {
  Options options;
  if (url.starts_with('/')) {
    options.socket_path = url;
    return options;
  }
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    const auto name = url.substr(0, scheme);
    if (name != "redis" && name != "rediss")
      throw std::invalid_argument("redis_url: the scheme is " + std::string(name) + ", not redis or rediss");
    options.tls = name == "rediss";
    url.remove_prefix(scheme + 3);
  }
  url = url.substr(0, url.find_first_of("?#"));
  if (const auto slash = url.find('/'); slash != std::string_view::npos) {
    if (const auto database = url.substr(slash + 1); !database.empty())
      options.database = number<int>(database, "the database");
    url = url.substr(0, slash);
  }
  if (const auto at = url.rfind('@'); at != std::string_view::npos) {
    const auto login = url.substr(0, at);
    const auto colon = login.find(':');
    options.user = decoded(login.substr(0, colon));
    if (colon != std::string_view::npos) options.password = decoded(login.substr(colon + 1));
    url.remove_prefix(at + 1);
  }
  std::string_view port;
  if (url.starts_with('[')) { // an IPv6 address
    const auto close = url.find(']');
    if (close == std::string_view::npos) throw std::invalid_argument("redis_url: the address has no closing bracket");
    options.host = url.substr(1, close - 1);
    if (url.substr(close + 1).starts_with(':')) port = url.substr(close + 2);
  } else {
    const auto colon = url.rfind(':');
    if (const auto host = url.substr(0, colon); !host.empty()) options.host = host;
    if (colon != std::string_view::npos) port = url.substr(colon + 1);
  }
  if (!port.empty()) options.port = number<unsigned short>(port, "the port");
  return options;
}

} // namespace redis
