// Which share of the live GETs is sent to another server as well, and to which (--mirror, --mirror-to). Owns nothing. Read by serve()
// and by check(), on the main thread.
#pragma once
#include "base/json.hpp"
#include "config/config.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace app {

struct MirrorOptions {
  double share = 0; // above 0, up to 1
  std::string to;   // a URL
};

// nullopt: nothing is mirrored. Of settings without a fault.
std::optional<MirrorOptions> mirror_options(const config::Config& config);

struct MirrorFault {
  std::string_view key; // of the property
  std::string says;     // what follows the variable's name; never a part of the URL but its address
};
// Resolves the server's name where what goes there isn't encrypted.
std::optional<MirrorFault> mirror_fault(const config::Config& config);

// "1%" is 0.01; nullopt: no share from 0.01% to 100%.
std::optional<double> share_of(std::string_view text);
// The host of "http://host:port/path" or of https; nullopt: it is no URL of a server, or holds what none does.
struct MirrorPlace {
  bool encrypted = false;
  std::string host; // of an IPv6 address without brackets
};
std::optional<MirrorPlace> place_of(std::string_view url);
// Whether an address is this machine's or lies in a private network. What is no address doesn't.
bool is_near(const std::string& address);
// The same networks as rows [address, bits, "ipv4" or "ipv6"].
base::Json near_networks();

} // namespace app
