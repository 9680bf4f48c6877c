// Providers that live in a process beside this one, and what servers that died had asked them for. Owns the thread that
// settles it. Used by serve() on the main thread.
//
// The project's own Medusa (child.hpp) stands behind a socket of its own. Another one is named by the variable
// STHENO_PROVIDERS: tests put scripted providers there.
#pragma once
#include "config/config.hpp"
#include "db/options.hpp"
#include "ports/outside.hpp"
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace app {

// Empty where all providers are native.
std::string provider_socket();
// Adds the providers that the other side offers. Throws where it does not answer.
void install_outside_providers(const std::string& socket);
std::unique_ptr<ports::Outside> open_outside(boost::asio::io_context& loop, const std::string& socket);

// Settles at once what a dead server of this machine has left, and from time to time what any has.
class Settler {
 public:
  Settler(const db::Options& database, const config::Config& config, std::string socket);
  ~Settler();
  Settler(const Settler&) = delete;
  Settler& operator=(const Settler&) = delete;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

} // namespace app
