#include "base/fiber.hpp"
#include "base/metrics.hpp"
#include "base/time.hpp"
#include "http/connection_impl.hpp"
#include "http/response_text.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <sys/sendfile.h>

namespace http {

namespace asio = boost::asio;
using Error = boost::system::error_code;

namespace {
constexpr std::size_t kLingerBytes = 1024 * 1024;

base::metrics::Level open_connections({"stheno_http_connections", "Connections of clients, idle ones among them."});
base::metrics::Counter refused({"stheno_http_refused_total",
                                "Requests refused before any route: no HTTP, too large, or too slow in coming."});
} // namespace

const std::string& Loop::date() {
  const auto now = base::now();
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  if (second != date_second_) {
    date_second_ = second;
    date_ = base::http_date(now);
  }
  return date_;
}

int Loop::close_idle(int most) {
  int closed = 0;
  // What gives way is destroyed later, when its wait comes back; until then it is at the end of the other list.
  for (auto at = idle.begin(); at != idle.end() && closed < most;) {
    const auto next = std::next(at);
    if ((*at)->give_way()) closed++;
    at = next;
  }
  return closed;
}

Connection::Connection(Loop& loop, asio::ip::tcp::socket socket)
    : loop_(loop), socket_(std::move(socket)), parser_(loop.limits) {}

void Connection::begin(std::list<std::unique_ptr<Connection>>::iterator self) {
  self_ = self;
  open_connections.rise();
  Error error;
  socket_.set_option(asio::ip::tcp::no_delay(true), error);
  socket_.non_blocking(true, error);
  const auto endpoint = socket_.remote_endpoint(error);
  if (error) return destroy(); // gone already
  peer_ = endpoint.address().to_string();
  quiet_since_ = Loop::Clock::now();
  deadline_after(loop_.timeouts.head);
  wait_for_bytes();
}

void Connection::destroy() {
  Loop& loop = loop_;
  open_connections.fall();
  (idle_ ? loop.idle : loop.busy).erase(self_); // destroys *this
  if (loop.stopping && loop.empty() && loop.on_empty) loop.on_empty();
}

void Connection::be_idle() {
  if (idle_) return;
  idle_ = true;
  loop_.idle.splice(loop_.idle.end(), loop_.busy, self_);
}

void Connection::be_busy() {
  if (!idle_) return;
  idle_ = false;
  loop_.busy.splice(loop_.busy.end(), loop_.idle, self_);
}

// Whether something of the client's lies in the socket that has not been read.
bool Connection::bytes_wait() {
  Error error;
  return socket_.available(error) > 0 && !error;
}

void Connection::wait_for_bytes() {
  phase_ = Phase::reading;
  if (loop_.stopping) wind_down();
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [this](Error error) {
    if (error || !socket_.is_open()) return destroy();
    if (phase_ == Phase::lingering) return drop_bytes(); // it was closed meanwhile
    be_busy();
    read();
  });
}

void Connection::read() {
  Error error;
  const auto n = socket_.read_some(asio::buffer(loop_.buffer), error);
  if (error == asio::error::would_block) return wait_for_bytes();
  if (error) return destroy();
  process({loop_.buffer.data(), n});
}

// Feeds the parser; `bytes` may lie in the loop's buffer, so what is left of them is copied before anything else runs.
void Connection::process(std::string_view bytes) {
  const bool was_started = parser_.started();
  const auto before = parser_.state();
  const auto taken = parser_.feed(bytes);
  pending_.assign(bytes.substr(taken));
  switch (parser_.state()) {
  case RequestParser::State::complete: return respond();
  case RequestParser::State::asking:
    if (!was_started) request_deadline_ = Loop::Clock::now() + loop_.timeouts.whole;
    return ask();
  case RequestParser::State::passing: return pass();
  case RequestParser::State::refused: return refuse(parser_.refusal());
  case RequestParser::State::head:
    if (parser_.started() && !was_started) {
      const auto now = Loop::Clock::now();
      request_deadline_ = now + loop_.timeouts.whole;
      deadline_ = now + loop_.timeouts.head;
    }
    break;
  case RequestParser::State::body: {
    const auto now = Loop::Clock::now();
    if (!was_started) request_deadline_ = now + loop_.timeouts.whole;
    deadline_ = std::min(request_deadline_, now + loop_.timeouts.pause);
    if (before == RequestParser::State::head && parser_.expects_continue() && !tell_to_continue()) return destroy();
    break;
  }
  }
  wait_for_bytes();
}

bool Connection::tell_to_continue() {
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  Error error;
  return socket_.write_some(asio::buffer(kContinue), error) == kContinue.size();
}

// Whether a body of files is wanted is known before any of it is kept.
void Connection::ask() {
  run([this] { wants_body_ = loop_.responder->wants_body(parser_.request()); }, &Connection::go_on);
}

void Connection::go_on() {
  parser_.go_on(wants_body_ ? RequestParser::Wanted::yes : RequestParser::Wanted::no);
  if (parser_.state() == RequestParser::State::body && parser_.expects_continue() && !tell_to_continue())
    return destroy();
  const std::string bytes = std::move(pending_);
  pending_.clear();
  process(bytes);
}

// Does the work on a fiber, then goes on where the loop is.
void Connection::run(std::function<void()> work, void (Connection::*after)()) {
  phase_ = Phase::responding;
  deadline_ = Loop::Clock::time_point::max();
  finished_ = waiting_ = false;
  parser_.request().remote_address = peer_;
  base::spawn_fiber([this, work = std::move(work), after] {
    work();
    finished_ = true;
    // From here on the stack is not needed; the loop goes on.
    if (waiting_) asio::post(loop_.io, [this, after] { (this->*after)(); });
  });
  if (finished_)
    (this->*after)();
  else
    waiting_ = true;
}

void Connection::respond() {
  response_ = {};
  run([this] { loop_.responder->respond(parser_.request(), response_); }, &Connection::compose);
}

// A server that stops says so with the answer to the last request that has arrived.
bool Connection::says_farewell() {
  return loop_.stopping &&
         ((pending_.empty() && !bytes_wait()) || Loop::Clock::now() >= loop_.stopped_at + loop_.timeouts.idle);
}

void Connection::compose() {
  phase_ = Phase::writing;
  const auto& request = parser_.request();
  close_after_ = !parser_.keep_alive() || says_farewell();
  head_.clear();
  append_head(head_, response_, request.method, request.minor_version,
              close_after_ ? Persistence::close : Persistence::keep_alive, loop_.date());
  const bool body = response_.framing != Response::Framing::chunked && sends_body(response_, request.method);
  // HTTP/1.0 knows no chunks; the end of the connection ends the body.
  const bool plain = response_.framing == Response::Framing::chunked && request.minor_version == 0 &&
                     sends_body(response_, request.method);
  out_ = {asio::buffer(head_), body || plain ? asio::buffer(response_.body) : asio::const_buffer()};
  if (plain) close_after_ = true;
  if (!sends_body(response_, request.method)) response_.file = {};
  write();
}

void Connection::write() {
  Error error;
  auto n = socket_.write_some(out_, error);
  if (error && error != asio::error::would_block) return destroy();
  for (auto& part : out_) {
    const auto step = std::min(n, part.size());
    part += step;
    n -= step;
  }
  if (out_[0].size() + out_[1].size() == 0) return response_.file.size ? send_file() : sent();
  deadline_after(loop_.timeouts.pause);
  socket_.async_wait(asio::ip::tcp::socket::wait_write, [this](Error waited) {
    if (waited || !socket_.is_open()) return destroy();
    write();
  });
}

// From the file to the socket, past the memory; a part at a time, so that others come to their turn.
void Connection::send_file() {
  constexpr std::size_t kPart = 512 * 1024;
  auto& file = response_.file;
  auto at = static_cast<off_t>(file.offset);
  const auto n =
      ::sendfile(socket_.native_handle(), file.file->number(), &at, std::min<std::uint64_t>(file.size, kPart));
  // A file that has become shorter can't be what the head has told.
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return destroy();
  if (n > 0) {
    file.offset += static_cast<std::uint64_t>(n);
    file.size -= static_cast<std::uint64_t>(n);
    if (file.size == 0) return sent();
  }
  deadline_after(loop_.timeouts.pause);
  socket_.async_wait(asio::ip::tcp::socket::wait_write, [this](Error waited) {
    if (waited || !socket_.is_open()) return destroy();
    send_file();
  });
}

void Connection::sent() {
  std::string().swap(response_.body);
  response_.file = {};
  if (head_.capacity() > 4096) std::string().swap(head_);
  if (close_after_) return linger();
  parser_.reset();
  quiet_since_ = Loop::Clock::now();
  deadline_ = quiet_since_ + loop_.timeouts.idle + loop_.timeouts.late;
  if (pending_.empty()) {
    std::string().swap(pending_);
    be_idle();
    return wait_for_bytes();
  }
  // A pipelined request: through the loop, so that one client's pipeline neither starves others nor deepens the stack.
  asio::post(loop_.io, [this] {
    const std::string bytes = std::move(pending_);
    pending_.clear();
    process(bytes);
  });
}

void Connection::refuse(int status) {
  refused.add();
  head_ = bare_refusal(status);
  response_ = {};
  out_ = {asio::buffer(head_), asio::const_buffer()};
  close_after_ = true;
  phase_ = Phase::writing;
  write();
}

// Closing with unread bytes would reset the connection and could take the response away from the client: says that no
// more comes, and reads on for a moment.
void Connection::linger() {
  phase_ = Phase::lingering;
  Error error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) return destroy();
  deadline_after(loop_.timeouts.linger);
  wait_to_drop();
}

void Connection::wait_to_drop() {
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [this](Error waited) {
    if (waited || !socket_.is_open()) return destroy();
    drop_bytes();
  });
}

void Connection::drop_bytes() {
  Error failed;
  dropped_ += socket_.read_some(asio::buffer(loop_.buffer), failed);
  if ((failed && failed != asio::error::would_block) || dropped_ > kLingerBytes) return destroy();
  wait_to_drop();
}

void Connection::reap(Loop::Clock::time_point now) {
  const bool waits = phase_ == Phase::reading && !parser_.started();
  // Who has connected and says nothing makes room for others too, though not in the moment in which his request comes.
  if (waits && now >= quiet_since_ + loop_.timeouts.quiet) be_idle();
  if (now < deadline_) return;
  Error ignored;
  if (loop_.stopping && waits) {
    if (bytes_wait()) return; // its turn comes
    // Says that no more is taken and leaves it to the client to end the connection, as behind an answer. Whatever
    // crosses this on its way is not answered; the client sees an end without an answer, never half of one.
    phase_ = Phase::lingering;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    deadline_after(loop_.timeouts.linger);
    return; // the wait comes back when the client ends, and drops what it sends
  }
  if (phase_ == Phase::reading && parser_.started()) {
    refused.add();
    socket_.write_some(asio::buffer(bare_refusal(408)), ignored);
  }
  socket_.close(ignored); // the wait comes back and destroys
}

void Connection::wind_down() {
  // What is passed on may go on for ever, as a stream of events does.
  if (passage_) deadline_ = std::min(deadline_, Loop::Clock::now() + loop_.timeouts.idle);
  if (phase_ != Phase::reading) return;
  if (parser_.started())
    deadline_ = std::min(deadline_, Loop::Clock::now() + loop_.timeouts.idle);
  else
    deadline_ =
        std::min(deadline_, std::max(loop_.stopped_at + loop_.timeouts.farewell, quiet_since_ + loop_.timeouts.quiet));
}

bool Connection::give_way() {
  if (bytes_wait()) return false;
  be_busy();
  Error ignored;
  socket_.close(ignored); // the wait comes back and destroys
  return true;
}

} // namespace http
