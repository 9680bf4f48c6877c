// Carries requests to the child's Express and its answers back, streamed in both directions. Owns the connections of one
// thread to the child's socket; its fibers use it. Made by app for each thread.
#pragma once
#include "http/exchange.hpp"
#include "plugins/child.hpp"
#include <chrono>
#include <memory>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace plugins {

class LocalLink; // local_link_impl.hpp

class Proxy final : public http::Beside {
 public:
  // `first_word` bounds the wait for an answer's head.
  Proxy(boost::asio::io_context& loop, const Child& child,
        std::chrono::milliseconds first_word = std::chrono::minutes(5));
  ~Proxy() override;
  void pass(http::Request& request, http::Response& response, http::Exchange& exchange) override;

 private:
  std::shared_ptr<LocalLink> link();
  boost::asio::io_context& loop_;
  const Child& child_;
  const std::chrono::milliseconds first_word_;
  std::vector<std::shared_ptr<LocalLink>> idle_;
};

} // namespace plugins
