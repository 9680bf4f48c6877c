#include "http/server.hpp"
#include "base/aside.hpp"
#include "base/log.hpp"
#include "http/connection_impl.hpp"
#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <linux/filter.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>

namespace http {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Error = boost::system::error_code;

namespace {

enum class Sharing { alone, among_threads };

tcp::acceptor listen_on(asio::io_context& io, const tcp::endpoint& endpoint, Sharing sharing) {
  tcp::acceptor acceptor(io);
  acceptor.open(endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  if (endpoint.protocol() == tcp::v6()) acceptor.set_option(asio::ip::v6_only(false));
  if (sharing == Sharing::among_threads) {
    const int on = 1;
    if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
      throw std::runtime_error("SO_REUSEPORT is not supported here");
  }
  acceptor.bind(endpoint);
  acceptor.listen(1024);
  acceptor.non_blocking(true);
  return acceptor;
}

tcp::endpoint endpoint_for(const std::string& host, unsigned short port) {
  if (!host.empty()) {
    Error error;
    if (const auto address = asio::ip::make_address(host, error); !error) return {address, port};
    asio::io_context io;
    const auto found = tcp::resolver(io).resolve(host, "", error);
    if (!error && !found.empty()) return {found.begin()->endpoint().address(), port};
    throw std::runtime_error("HOST is " + host + ", which can't be resolved: " + error.message());
  }
  // As Node: both families through one socket, or IPv4 where the machine has no IPv6.
  asio::io_context io;
  tcp::acceptor probe(io);
  Error error;
  probe.open(tcp::v6(), error);
  if (!error) probe.bind({asio::ip::address_v6::any(), 0}, error);
  return error ? tcp::endpoint(tcp::v4(), port) : tcp::endpoint(tcp::v6(), port);
}

// From now on the kernel overlooks new handshakes to this listener and goes on with those that have begun. A listener that
// is closed with connections in its queue resets them; this lets the queue run dry first. Who is overlooked asks again
// after a second and then meets a closed port, or the server that has taken its place.
void overlook_new_handshakes(tcp::acceptor& acceptor) {
  constexpr std::uint32_t kFlagsAt = 13, kSynAndAck = 0x12, kSyn = 0x02; // in TCP's header, where the filter begins
  sock_filter steps[] = {BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kFlagsAt), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, kSynAndAck),
                         BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kSyn, 0, 1), BPF_STMT(BPF_RET | BPF_K, 0),
                         BPF_STMT(BPF_RET | BPF_K, ~0U)};
  const sock_fprog program{std::size(steps), steps};
  // Without it, connections of the last microseconds are reset.
  std::ignore = ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

// Descriptors are numbered from the lowest that is free. From this number on connections that wait make room for new ones,
// so that some are left for files, PostgreSQL and Redis.
int first_scarce_descriptor() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= 1 << 30) return 1 << 30;
  const auto most = static_cast<int>(limit.rlim_cur);
  return most - std::clamp(most / 8, 8, 64);
}

bool no_descriptor_is_free(const Error& error) {
  return error == asio::error::no_descriptors || error == boost::system::errc::too_many_files_open_in_system;
}

} // namespace

class Server::Thread {
 public:
  Thread(const Limits& limits, const Timeouts& timeouts)
      : acceptor_(io_), timer_(io_), retry_(io_), farewell_(io_), loop_(io_, limits, timeouts) {}

  void listen(const tcp::endpoint& endpoint) { acceptor_ = listen_on(io_, endpoint, Sharing::among_threads); }
  unsigned short port() const { return acceptor_.local_endpoint().port(); }
  // Called when no descriptor is free and this thread has no idle connection: the others may have some.
  std::function<void()> ask_others;
  // From any thread: closes an idle connection or a few.
  void make_room() {
    asio::post(io_, [this] { loop_.close_idle(kRoom); });
  }

  // Starts the thread; the future tells when it serves, or why it can't.
  std::future<void> start(const MakeResponder& make_responder) {
    std::promise<void> ready;
    auto future = ready.get_future();
    thread_ = std::thread([this, &make_responder, ready = std::move(ready)]() mutable { run(make_responder, ready); });
    return future;
  }

  bool turned_since(Loop::Clock::time_point time) const { return turned_ >= time.time_since_epoch().count(); }

  void stop() {
    asio::post(io_, [this] { wind_down(); });
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  void run(const MakeResponder& make_responder, std::promise<void>& ready) {
    try {
      loop_.responder = make_responder(io_);
    } catch (...) {
      ready.set_exception(std::current_exception());
      return;
    }
    base::set_event_loop([this](std::function<void()> work) { asio::post(io_, std::move(work)); });
    loop_.on_empty = [this] {
      if (!acceptor_.is_open()) io_.stop();
    };
    accept();
    tick();
    ready.set_value();
    for (;;) {
      try {
        io_.run();
        break;
      } catch (const std::exception& failure) {
        // A callback's failure must not take the server down.
        base::log_error("The event loop caught an exception", {{"error", failure.what()}});
      }
    }
    loop_.busy.clear();
    loop_.idle.clear();
    loop_.responder.reset();
  }

  void accept() {
    acceptor_.async_wait(tcp::acceptor::wait_read, [this](Error error) {
      if (error || !acceptor_.is_open()) return;
      switch (accept_some(64)) {
      case Accepted::all: accept(); break;
      case Accepted::some:
        asio::post(io_, [this] {
          if (acceptor_.is_open()) accept();
        });
        break;
      case Accepted::failed: accept_later(); break;
      }
    });
  }

  // No descriptor is free: soon one is, since somebody has been asked to make room or a request ends.
  void accept_later() {
    retry_.expires_after(std::chrono::milliseconds(20));
    retry_.async_wait([this](Error error) {
      if (!error && acceptor_.is_open()) accept();
    });
  }

  enum class Accepted { all, some, failed };
  Accepted accept_some(int most) {
    for (int i = 0; i < most; i++) {
      Error error;
      tcp::socket socket = acceptor_.accept(error);
      if (error == asio::error::would_block || error == asio::error::try_again) return Accepted::all;
      if (error == asio::error::connection_aborted || error == asio::error::interrupted) continue;
      if (error) {
        if (no_descriptor_is_free(error) && loop_.close_idle(kRoom) == 0) ask_others();
        complain(error);
        return Accepted::failed;
      }
      if (socket.native_handle() >= scarce_from_ && loop_.close_idle(1) == 0) ask_others();
      auto& list = loop_.busy;
      list.push_back(std::make_unique<Connection>(loop_, std::move(socket)));
      list.back()->begin(std::prev(list.end()));
    }
    return Accepted::some;
  }

  // At most once a minute.
  void complain(const Error& error) {
    const auto now = Loop::Clock::now();
    if (now < complain_after_) return;
    complain_after_ = now + std::chrono::minutes(1);
    base::log_error("A connection can't be accepted", {{"error", error.message()}});
  }

  void tick() {
    timer_.expires_after(loop_.stopping ? std::min(loop_.timeouts.tick, kStoppingTick) : loop_.timeouts.tick);
    timer_.async_wait([this](Error error) {
      if (error && !loop_.stopping) return;
      if (!error) {
        const auto now = Loop::Clock::now();
        turned_ = now.time_since_epoch().count();
        for (auto* list : {&loop_.busy, &loop_.idle})
          for (auto at = list->begin(); at != list->end();) (*at++)->reap(now); // which may move it to the other list
        loop_.responder->tick();
      }
      tick();
    });
  }

  // In three steps, so that nobody who has connected is reset: clients are told and go on coming for a moment, new
  // handshakes are overlooked, the listener closes when its queue has run dry.
  void wind_down() {
    if (loop_.stopping) return;
    loop_.stopping = true;
    loop_.stopped_at = Loop::Clock::now();
    for (auto* list : {&loop_.busy, &loop_.idle})
      for (auto& connection : *list) connection->wind_down();
    timer_.cancel(); // comes again, sooner
    after(loop_.timeouts.farewell, [this] {
      overlook_new_handshakes(acceptor_);
      after(loop_.timeouts.deaf, [this] {
        accept_some(1 << 20);
        Error ignored;
        acceptor_.close(ignored);
        if (loop_.empty()) io_.stop();
      });
    });
  }
  void after(std::chrono::milliseconds time, std::function<void()> step) {
    farewell_.expires_after(time);
    farewell_.async_wait([step = std::move(step)](Error) { step(); });
  }

  static constexpr int kRoom = 8; // idle connections that give way at once
  static constexpr std::chrono::milliseconds kStoppingTick{20};

  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer timer_, retry_, farewell_;
  Loop loop_;
  std::thread thread_;
  const int scarce_from_ = first_scarce_descriptor();
  Loop::Clock::time_point complain_after_{};
  std::atomic<Loop::Clock::rep> turned_ = Loop::Clock::now().time_since_epoch().count();
};

Server::Server(MakeResponder make_responder, Limits limits, Timeouts timeouts)
    : make_responder_(std::move(make_responder)), limits_(std::move(limits)), timeouts_(timeouts) {}

Server::~Server() { stop(); }

void Server::start(const std::string& host, unsigned short port, unsigned threads) {
  auto endpoint = endpoint_for(host, port);
  try {
    // SO_REUSEPORT would let a second server share the port without a word.
    asio::io_context io;
    if (port != 0) listen_on(io, endpoint, Sharing::alone);
    for (unsigned i = 0; i < threads; i++) {
      threads_.push_back(std::make_unique<Thread>(limits_, timeouts_));
      threads_.back()->listen(endpoint);
      threads_.back()->ask_others = [this, self = i] {
        for (std::size_t other = 0; other < threads_.size(); other++)
          if (other != self) threads_[other]->make_room();
      };
      endpoint.port(threads_.front()->port());
    }
  } catch (const boost::system::system_error& failure) {
    threads_.clear();
    throw std::runtime_error("listen " + (host.empty() ? ":::" : host + ":") + std::to_string(port) + ": " +
                             failure.code().message());
  }
  port_ = endpoint.port();
  std::vector<std::future<void>> ready;
  for (auto& thread : threads_) ready.push_back(thread->start(make_responder_));
  std::exception_ptr failure;
  for (auto& future : ready) {
    try {
      future.get();
    } catch (...) {
      failure = std::current_exception();
    }
  }
  if (!failure) return;
  stop();
  std::rethrow_exception(failure);
}

bool Server::turns(std::chrono::milliseconds within) const {
  const auto since = Loop::Clock::now() - within;
  return std::all_of(threads_.begin(), threads_.end(),
                     [since](const auto& thread) { return thread->turned_since(since); });
}

void Server::stop() {
  for (auto& thread : threads_) thread->stop();
  for (auto& thread : threads_) thread->join();
  threads_.clear();
}

} // namespace http
