#include "app/mirror_options.hpp"
#include "app/setting.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstddef>
#include <netdb.h>
#include <sys/socket.h>

namespace app {
namespace {

constexpr std::string_view kShareKey = "env:STHENO_MIRROR", kToKey = "env:STHENO_MIRROR_TO";

struct Network {
  const char* address;
  int bits;
  int family;
};
constexpr std::array<Network, 6> kNear{{{"127.0.0.0", 8, AF_INET},
                                        {"10.0.0.0", 8, AF_INET},
                                        {"172.16.0.0", 12, AF_INET},
                                        {"192.168.0.0", 16, AF_INET},
                                        {"::1", 128, AF_INET6},
                                        {"fc00::", 7, AF_INET6}}};

using Bytes = std::array<unsigned char, sizeof(in6_addr)>;

bool lies_in(const Network& network, const Bytes& address) {
  Bytes first{};
  ::inet_pton(network.family, network.address, first.data());
  const auto whole = static_cast<std::size_t>(network.bits / 8);
  if (!std::equal(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(whole), address.begin())) return false;
  const int rest = network.bits % 8;
  return rest == 0 || ((first[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

// The first address of a name that is not near; empty where all are, or where it can't be resolved: the server may be started
// later, and each connection is looked at again.
std::string far_address(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  std::string far;
  for (const addrinfo* one = found; one && far.empty(); one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0 &&
        !is_near(text.data()))
      far = text.data();
  }
  ::freeaddrinfo(found);
  return far;
}

bool is_port(std::string_view text) {
  unsigned short port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc{} && end == text.data() + text.size() && port > 0;
}

} // namespace

std::optional<double> share_of(std::string_view text) {
  constexpr double kLeast = 0.01, kMost = 100;
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  double percent = 0;
  const auto [end, failure] =
      std::from_chars(text.data(), text.data() + text.size(), percent, std::chars_format::fixed);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!(percent >= kLeast && percent <= kMost)) return std::nullopt;
  return percent / kMost;
}

std::optional<MirrorPlace> place_of(std::string_view url) {
  constexpr std::string_view kPlain = "http://", kEncrypted = "https://";
  MirrorPlace place{url.starts_with(kEncrypted), {}};
  if (!place.encrypted && !url.starts_with(kPlain)) return std::nullopt;
  // A login would be a secret on the command line, and none of the API's.
  const auto odd = [](char c) {
    return c <= ' ' || c > '~' || std::string_view("@?#\\").find(c) != std::string_view::npos;
  };
  if (std::any_of(url.begin(), url.end(), odd)) return std::nullopt;
  url.remove_prefix(place.encrypted ? kEncrypted.size() : kPlain.size());
  std::string_view host = url.substr(0, url.find('/'));
  if (const auto colon = host.rfind(':'); colon != host.npos && host.find(']', colon) == host.npos) {
    if (!is_port(host.substr(colon + 1))) return std::nullopt;
    host = host.substr(0, colon);
  }
  constexpr std::string_view kOfNames = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  if (host.starts_with('[') && host.ends_with(']')) {
    place.host = host.substr(1, host.size() - 2);
    Bytes ignored{};
    if (::inet_pton(AF_INET6, place.host.c_str(), ignored.data()) != 1) return std::nullopt;
  } else {
    place.host = host;
    if (host.empty() || host.find_first_not_of(kOfNames) != host.npos) return std::nullopt;
  }
  return place;
}

bool is_near(const std::string& address) {
  for (const Network& network : kNear) {
    Bytes bytes{};
    if (::inet_pton(network.family, address.c_str(), bytes.data()) == 1 && lies_in(network, bytes)) return true;
  }
  return false;
}

base::Json near_networks() {
  base::JsonArray rows;
  for (const auto& [address, bits, family] : kNear)
    rows.push_back(base::JsonArray{address, bits, family == AF_INET ? "ipv4" : "ipv6"});
  return rows;
}

std::optional<MirrorFault> mirror_fault(const config::Config& config) {
  const std::string share = setting_text(config, kShareKey), to = setting_text(config, kToKey);
  if (!share.empty() && !share_of(share))
    return MirrorFault{kShareKey, " (--mirror) is " + base::Json(share).dump() +
                                      "; it accepts a share of the requests from 0.01% to 100%, such as \"1%\""};
  if (to.empty() && share.empty()) return std::nullopt;
  if (to.empty())
    return MirrorFault{kShareKey, " (--mirror) says how much is sent to another server, and nothing says to which: "
                                  "STHENO_MIRROR_TO (--mirror-to) is not set"};
  if (share.empty())
    return MirrorFault{kToKey, " (--mirror-to) says where a share of the requests is sent, and nothing says how many: "
                               "STHENO_MIRROR (--mirror) is not set"};
  const auto place = place_of(to);
  if (!place)
    return MirrorFault{kToKey, " (--mirror-to) is no URL of a server; it accepts http://host:port or https://host, "
                               "with a path if need be, and without a login"};
  if (place->encrypted) return std::nullopt;
  if (const std::string far = far_address(place->host); !far.empty())
    return MirrorFault{kToKey, " (--mirror-to) leads to " + far +
                                   " without encryption; requests carry their senders' cookies and tokens, so beyond "
                                   "this machine and private networks it must be https://"};
  return std::nullopt;
}

std::optional<MirrorOptions> mirror_options(const config::Config& config) {
  const auto share = share_of(setting_text(config, kShareKey));
  std::string to = setting_text(config, kToKey);
  if (!share || to.empty()) return std::nullopt;
  return MirrorOptions{*share, std::move(to)};
}

} // namespace app
