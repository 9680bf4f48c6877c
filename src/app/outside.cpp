#include "app/outside.hpp"
#include "base/fiber.hpp"
#include "base/log.hpp"
#include "commerce/order/settlements.hpp"
#include "db/pool.hpp"
#include "plugins/channel.hpp"
#include "ports/journal.hpp"
#include "ports/payment_provider.hpp"
#include "ports/remote_fulfillment.hpp"
#include "ports/remote_payment.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <thread>

namespace app {

namespace asio = boost::asio;

std::string provider_socket() {
  const char* path = std::getenv("STHENO_PROVIDERS");
  return path ? path : "";
}

void install_outside_providers(const std::string& socket) {
  commerce::order::add_settlements();
  for (const auto& offer : plugins::offers({.path = socket})) {
    const auto again = offer.knows_keys ? ports::Ask::Again::safe : ports::Ask::Again::never;
    if (offer.port == "payment") ports::add_payment_provider(ports::remote_payment_provider(offer.id, again));
    if (offer.port == "fulfillment")
      ports::add_fulfillment_provider(ports::remote_fulfillment_provider(offer.id, again));
  }
}

std::unique_ptr<ports::Outside> open_outside(asio::io_context& loop, const std::string& socket) {
  if (socket.empty()) return nullptr;
  return std::make_unique<plugins::Channel>(loop, plugins::ChannelOptions{.path = socket});
}

class Settler::Loop {
 public:
  Loop(db::Options database, const config::Config& config, std::string socket)
      : config_(config), timer_(io_), thread_([this, database = std::move(database), socket = std::move(socket)] {
          const auto opened = db::open(io_, database);
          const auto outside = open_outside(io_, socket);
          asio::post(io_, [&] { base::spawn_fiber([&] { work(*opened, *outside); }); });
          io_.run();
        }) {}
  ~Loop() {
    asio::post(io_, [this] {
      stopping_ = true;
      timer_.cancel();
    });
    thread_.join();
  }

 private:
  void work(db::Database& database, ports::Outside& outside) {
    while (!stopping_) {
      try {
        ports::Call call(database, config_, config_.flags);
        call.outside = &outside;
        ports::settle_left(call);
      } catch (const std::exception& error) {
        base::log_warn("What providers were asked for can't be looked through", {{"error", error.what()}});
      }
      if (stopping_) break;
      timer_.expires_after(std::chrono::seconds(30));
      timer_.async_wait([fiber = base::current_fiber()](boost::system::error_code) { base::resume_fiber(fiber); });
      base::suspend_fiber();
    }
    io_.stop();
  }

  const config::Config& config_;
  asio::io_context io_{1};
  asio::steady_timer timer_;
  bool stopping_ = false; // of the loop's thread
  std::thread thread_;
};

Settler::Settler(const db::Options& database, const config::Config& config, std::string socket) {
  db::Options one = database;
  one.shared_connections = one.exclusive_connections = 1;
  loop_ = std::make_unique<Loop>(std::move(one), config, std::move(socket));
}

Settler::~Settler() = default;

} // namespace app
