// The bytes between a client and its server: plain TCP, a Unix socket, or TLS. Owned by one link; handlers run on the
// event loop of its thread, and none runs after close() returned except with an error.
#pragma once
#include "redis/redis.hpp"
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

namespace redis {

class Transport {
 public:
  using Done = std::function<void(std::string error, std::size_t bytes)>; // an empty error is success

  virtual ~Transport() = default;
  virtual void connect(std::function<void(std::string error)> done) = 0;
  virtual void read_some(std::span<char> into, Done done) = 0;
  virtual void write_all(std::string_view bytes, Done done) = 0; // `bytes` stay until `done`
  virtual void close() = 0;
};

std::shared_ptr<Transport> make_transport(boost::asio::io_context& io, const Options& options);

} // namespace redis
