#include "base/fiber.hpp"
#include "http/connection_impl.hpp"
#include "http/exchange.hpp"
#include "http/response_text.hpp"
#include <boost/asio/buffer.hpp>
#include <charconv>

namespace http {

namespace asio = boost::asio;
using Error = boost::system::error_code;
using Socket = asio::ip::tcp::socket;

class Connection::Passage final : public Exchange {
 public:
  explicit Passage(Connection& connection) : connection_(connection) {}

  bool has_body() const override { return connection_.parser_.has_body(); }

  std::string next_part() override {
    auto& parser = connection_.parser_;
    if (parser.state() == RequestParser::State::passing) {
      parser.go_on_in_parts();
      const bool waits = parser.state() == RequestParser::State::body && parser.expects_continue();
      if (waits && connection_.pending_.empty() && !connection_.tell_to_continue()) throw ClientGone();
    }
    for (;;) {
      std::string& part = parser.request().raw_body;
      if (!part.empty()) return std::exchange(part, {});
      if (parser.state() == RequestParser::State::complete) return {};
      if (parser.state() != RequestParser::State::body) throw ClientGone(); // its chunks are broken
      if (connection_.pending_.empty()) read();
      connection_.pending_.erase(0, parser.feed(connection_.pending_));
    }
  }

  void begin(const PassedHead& head) override {
    begun_ = true;
    auto& parser = connection_.parser_;
    const Request& request = parser.request();
    const bool body = request.method != Method::head && head.status != 204 && head.status != 304;
    chunked_ = body && !head.length_told && request.minor_version > 0;
    if (body && !head.length_told && !chunked_) parser.abandon(); // HTTP/1.0: the connection's end ends the body
    connection_.close_after_ = !parser.keep_alive() || connection_.says_farewell();
    std::string text = "HTTP/1.1 " + std::to_string(head.status) + " " + head.reason + "\r\n";
    for (const Header& header : head.headers) text += header.name + ": " + header.value + "\r\n";
    if (chunked_) text += "Transfer-Encoding: chunked\r\n";
    text += connection_.close_after_ ? "Connection: close\r\n\r\n"
                                     : "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n";
    write(text);
  }

  void send(std::string_view part) override {
    if (part.empty()) return;
    if (!chunked_) return write(part);
    char size[20];
    std::string chunk(size, std::to_chars(size, size + sizeof size, part.size(), 16).ptr);
    chunk.append("\r\n").append(part).append("\r\n");
    write(chunk);
  }

  void end() override {
    if (chunked_) write("0\r\n\r\n");
    ended_ = true;
  }

  void watch(std::function<void()> gone) override {
    gone_ = std::move(gone);
    if (watching_) return;
    watching_ = true;
    connection_.socket_.async_wait(Socket::wait_read, [this](Error error) {
      watching_ = false;
      if (left_) return connection_.passed();
      // What has come may be the next request, which waits for its turn.
      if (gone_ && (error || !connection_.socket_.is_open() || !connection_.bytes_wait())) std::exchange(gone_, {})();
    });
  }
  void stop_watching() override { gone_ = {}; }

  // The fiber has ended. Whether a wait on the socket comes back first, and calls passed() again.
  bool leave() {
    left_ = true;
    if (!watching_) return false;
    Error ignored;
    connection_.socket_.cancel(ignored);
    return true;
  }
  bool begun() const { return begun_; }
  bool ended() const { return ended_; }

 private:
  void read() {
    if (!wait(Socket::wait_read)) throw ClientGone();
    Error error;
    const auto n = connection_.socket_.read_some(asio::buffer(connection_.loop_.buffer), error);
    if (error == asio::error::would_block) return;
    if (error || n == 0) throw ClientGone();
    connection_.pending_.assign(connection_.loop_.buffer.data(), n);
  }
  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      Error error;
      bytes.remove_prefix(connection_.socket_.write_some(asio::buffer(bytes), error));
      if (error && error != asio::error::would_block) throw ClientGone();
      if (!bytes.empty() && !wait(Socket::wait_write)) throw ClientGone();
    }
  }
  bool wait(Socket::wait_type what) {
    connection_.deadline_after(connection_.loop_.timeouts.pause);
    Error result;
    connection_.socket_.async_wait(what, [&result, fiber = base::current_fiber()](Error error) {
      result = error;
      base::resume_fiber(fiber);
    });
    base::suspend_fiber();
    connection_.deadline_ = connection_.loop_.stopping ? Loop::Clock::now() + connection_.loop_.timeouts.idle
                                                       : Loop::Clock::time_point::max();
    return !result && connection_.socket_.is_open();
  }

  Connection& connection_;
  std::function<void()> gone_;
  bool chunked_ = false, begun_ = false, ended_ = false;
  bool watching_ = false, left_ = false;
};

void Connection::PassageDeleter::operator()(Passage* passage) const { delete passage; }

void Connection::pass() {
  response_ = {};
  passage_.reset(new Passage(*this));
  run(
      [this] {
        try {
          loop_.responder->pass(parser_.request(), response_, *passage_);
        } catch (const ClientGone&) {
          client_gone_ = true;
        }
        passage_->stop_watching();
      },
      &Connection::passed);
}

void Connection::passed() {
  if (passage_->leave()) return;
  const bool begun = passage_->begun(), ended = passage_->ended();
  passage_.reset();
  if (client_gone_ || !socket_.is_open() || (begun && !ended)) return destroy();
  // An answer that came ahead of the body's end.
  if (parser_.state() != RequestParser::State::complete) {
    if (parser_.has_body()) {
      parser_.abandon();
      close_after_ = true;
    } else {
      parser_.go_on_in_parts();
    }
  }
  if (begun) return sent();
  compose();
}

} // namespace http
