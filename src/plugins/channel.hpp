// The way to the process that providers live in: a Unix socket, on it frames of a length (four bytes, the highest first) and
// a JSON text. Owns the connections of one thread; its fibers use it. Made by app for each thread.
//
// A frame that goes out is an ask: {port, provider, method, key, arguments}. What comes back is {answer} or
// {error: {type, message}}. An ask whose frame has been sent and that brings nothing back within the limit may have been done:
// its outcome is unknown.
#pragma once
#include "plugins/report.hpp"
#include "ports/outside.hpp"
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace plugins {

class LocalLink; // local_link_impl.hpp

struct ChannelOptions {
  std::string path;                               // of the socket
  std::chrono::milliseconds limit{30'000};        // of one ask; less than what makes a lasting one abandoned
  std::size_t most_bytes = std::size_t{16} << 20; // of one answer
};

class Channel final : public ports::Outside {
 public:
  Channel(boost::asio::io_context& loop, ChannelOptions options);
  ~Channel() override;
  base::Json ask(const ports::Ask& ask) override;

 private:
  boost::asio::io_context& loop_;
  ChannelOptions options_;
  std::vector<std::shared_ptr<LocalLink>> idle_;
};

// Asks the other side what it offers; waits for the answer on this thread, outside of any event loop. Throws ProviderError.
std::vector<Offer> offers(const ChannelOptions& options);

} // namespace plugins
