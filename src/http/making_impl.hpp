// Has what many ask for at the same time made by one of them, while the others wait for it on their fibers.
// Owns: who is making what, and who waits for it. One a thread, of its dispatcher.
#pragma once
#include "base/fiber.hpp"
#include "base/strings.hpp"
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace http {

class Making {
 public:
  explicit Making(boost::asio::io_context& loop) : loop_(loop) {}

  // Of the one who makes it. Its end lets the others go on, whatever came of it.
  class Turn {
   public:
    Turn(Making& making, std::string key) : making_(&making), key_(std::move(key)) {}
    Turn(Turn&& other) noexcept : making_(std::exchange(other.making_, nullptr)), key_(std::move(other.key_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (making_) making_->end(key_);
    }

   private:
    Making* making_;
    std::string key_;
  };

  // nullopt: another one was making it, and has ended.
  std::optional<Turn> begin(const std::string& key);

 private:
  void end(const std::string& key);

  boost::asio::io_context& loop_;
  base::StringMap<std::vector<base::Fiber*>> waiting_; // by key
};

} // namespace http
