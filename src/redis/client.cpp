#include "base/error.hpp"
#include "base/fiber.hpp"
#include "base/log.hpp"
#include "redis/redis.hpp"
#include "redis/transport.hpp"
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <hiredis/read.h>

namespace redis {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kFirstPause{50}, kLongestPause{2000}, kLook{100};
constexpr std::size_t kMostQueued = 64u << 20; // bytes not yet written

base::Error away(const std::string& why) {
  return {base::ErrorType::unavailable, "Redis is not available" + (why.empty() ? "" : ": " + why)};
}

void append(std::string& out, const Command& command) {
  out += '*' + std::to_string(command.size()) + "\r\n";
  for (const auto& part : command) {
    out += '$' + std::to_string(part.size()) + "\r\n";
    out += part;
    out += "\r\n";
  }
}

// Builds Reply values from what hiredis' reader finds. The reader keeps pointers to elements, so an array is made at its
// full size at once.
Reply* place(const redisReadTask* task) {
  if (!task->parent) return new Reply;
  return &static_cast<Reply*>(task->parent->obj)->elements[static_cast<std::size_t>(task->idx)];
}
void* make_text(const redisReadTask* task, char* text, std::size_t n) {
  Reply* reply = place(task);
  reply->kind = task->type == REDIS_REPLY_ERROR    ? Reply::Kind::error
                : task->type == REDIS_REPLY_STATUS ? Reply::Kind::status
                                                   : Reply::Kind::text;
  reply->text.assign(text, n);
  return reply;
}
void* make_array(const redisReadTask* task, int n) {
  Reply* reply = place(task);
  reply->kind = Reply::Kind::array;
  reply->elements.resize(static_cast<std::size_t>(n));
  return reply;
}
void* make_integer(const redisReadTask* task, long long value) {
  Reply* reply = place(task);
  reply->kind = Reply::Kind::integer;
  reply->integer = value;
  return reply;
}
void* make_nil(const redisReadTask* task) { return place(task); }
void free_reply(void* reply) { delete static_cast<Reply*>(reply); }
redisReplyObjectFunctions kFunctions{make_text, make_array, make_integer, make_nil, free_reply};

struct FreeReader {
  void operator()(redisReader* reader) const { redisReaderFree(reader); }
};

// A fiber that waits for its replies; lives on that fiber's stack.
struct Waiter {
  base::Fiber* fiber = base::current_fiber();
  std::vector<Reply> replies;
  std::size_t missing = 0;
  Clock::time_point deadline;
  std::string failure;
  bool failed = false;
};

} // namespace

// One life of the connection after another.
class Client::Link : public std::enable_shared_from_this<Link> {
 public:
  Link(asio::io_context& io, Options options) : io_(io), options_(std::move(options)), pause_timer_(io), look_timer_(io) {}

  void start() { connect(); }

  void stop() {
    state_ = State::stopped;
    pause_timer_.cancel();
    look_timer_.cancel();
    if (transport_) transport_->close();
    transport_.reset();
  }

  // On a fiber.
  std::vector<Reply> run(const std::vector<Command>& commands) {
    if (state_ == State::paused || state_ == State::stopped) throw away(last_failure_);
    Waiter waiter;
    waiter.missing = commands.size();
    waiter.deadline = Clock::now() + options_.patience;
    for (const auto& command : commands) enqueue(command, &waiter);
    flush();
    base::suspend_fiber();
    if (waiter.failed) throw away(waiter.failure);
    return std::move(waiter.replies);
  }

  void send(const Command& command) {
    if (state_ == State::paused || state_ == State::stopped) return;
    enqueue(command, nullptr);
    flush();
  }

 private:
  enum class State { connecting, ready, paused, stopped };

  void enqueue(const Command& command, Waiter* waiter) {
    if (outgoing_.size() > kMostQueued) throw away("too many commands are waiting");
    append(outgoing_, command);
    waiting_.push_back(waiter);
    look();
  }

  void connect() {
    state_ = State::connecting;
    reader_.reset(redisReaderCreateWithFunctions(&kFunctions));
    transport_ = make_transport(io_, options_);
    started_ = Clock::now();
    const auto life = ++life_;
    look();
    transport_->connect([self = shared_from_this(), life](const std::string& error) {
      if (life != self->life_ || self->state_ == State::stopped) return;
      if (!error.empty()) return self->fail(error);
      self->greet();
    });
  }

  // AUTH and SELECT go before whatever has been queued while connecting.
  void greet() {
    std::string greeting;
    const auto add = [&](const Command& command) {
      append(greeting, command);
      greetings_++;
    };
    if (!options_.user.empty() && !options_.password.empty())
      add({"AUTH", options_.user, options_.password});
    else if (!options_.password.empty())
      add({"AUTH", options_.password});
    if (options_.database != 0) add({"SELECT", std::to_string(options_.database)});
    add({"PING"});
    outgoing_.insert(0, greeting);
    connected_ = true;
    flush();
    read();
  }

  void flush() {
    if (!connected_ || writing_ || outgoing_.empty()) return;
    writing_ = true;
    sending_.swap(outgoing_);
    const auto life = life_;
    transport_->write_all(sending_, [self = shared_from_this(), life](const std::string& error, std::size_t) {
      if (life != self->life_ || self->state_ == State::stopped) return;
      self->writing_ = false;
      self->sending_.clear();
      if (!error.empty()) return self->fail(error);
      self->flush();
    });
  }

  void read() {
    const auto life = life_;
    transport_->read_some(buffer_, [self = shared_from_this(), life](const std::string& error, std::size_t n) {
      if (life != self->life_ || self->state_ == State::stopped) return;
      if (!error.empty()) return self->fail(error);
      redisReaderFeed(self->reader_.get(), self->buffer_.data(), n);
      if (self->take_replies()) self->read();
    });
  }

  // False when the link has ended meanwhile.
  bool take_replies() {
    const auto life = life_;
    for (;;) {
      void* raw = nullptr;
      if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK) {
        fail(std::string("protocol error: ") + reader_->errstr);
        return false;
      }
      if (!raw) return true;
      const std::unique_ptr<Reply> reply(static_cast<Reply*>(raw));
      if (greetings_ > 0) {
        if (reply->kind == Reply::Kind::error) {
          fail(reply->text);
          return false;
        }
        if (--greetings_ == 0) became_ready();
        continue;
      }
      if (waiting_.empty()) {
        fail("a reply that nobody asked for");
        return false;
      }
      Waiter* waiter = waiting_.front();
      waiting_.pop_front();
      if (!waiter) continue;
      waiter->replies.push_back(std::move(*reply));
      if (--waiter->missing == 0) base::resume_fiber(waiter->fiber); // may call run() again, or stop the client
      if (life != life_ || state_ == State::stopped) return false;
    }
  }

  void became_ready() {
    state_ = State::ready;
    pause_ = kFirstPause;
    if (complained_) base::log_info("Redis is available again");
    complained_ = false;
  }

  void fail(const std::string& why) {
    life_++;
    last_failure_ = why;
    if (!complained_) base::log_error("Redis is not available", {{"host", options_.host}, {"error", why}});
    complained_ = true;
    if (transport_) transport_->close();
    transport_.reset();
    connected_ = writing_ = false;
    greetings_ = 0;
    outgoing_.clear();
    sending_.clear();
    state_ = State::paused;
    pause_timer_.expires_after(pause_);
    pause_ = std::min(pause_ * 2, kLongestPause);
    pause_timer_.async_wait([self = shared_from_this(), life = life_](boost::system::error_code error) {
      if (error || life != self->life_ || self->state_ != State::paused) return;
      self->connect();
    });
    // Nobody is told twice: a waiter of several commands stands in the queue several times.
    std::deque<Waiter*> waiting;
    waiting.swap(waiting_);
    Waiter* last = nullptr;
    for (Waiter* waiter : waiting) {
      if (!waiter || waiter == last) continue;
      last = waiter;
      waiter->failed = true;
      waiter->failure = why;
      base::resume_fiber(waiter->fiber);
    }
  }

  // While a connection is being made or commands wait, looks from time to time whether that takes too long.
  void look() {
    if (looking_) return;
    looking_ = true;
    look_timer_.expires_after(kLook);
    look_timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      self->looking_ = false;
      if (!error) self->check_deadlines();
    });
  }

  void check_deadlines() {
    if (state_ != State::connecting && state_ != State::ready) return;
    const auto now = Clock::now();
    if (state_ == State::connecting && now - started_ > options_.patience) return fail("no answer in time");
    for (const Waiter* waiter : waiting_)
      if (waiter) {
        if (waiter->deadline < now) return fail("no answer in time");
        break; // the oldest comes first
      }
    if (state_ == State::connecting || !waiting_.empty()) look();
  }

  asio::io_context& io_;
  const Options options_;
  asio::steady_timer pause_timer_, look_timer_;
  std::shared_ptr<Transport> transport_;
  std::unique_ptr<redisReader, FreeReader> reader_;
  State state_ = State::connecting;
  std::uint64_t life_ = 0; // counts connections; callbacks of an earlier one are stale
  bool connected_ = false, writing_ = false, complained_ = false, looking_ = false;
  int greetings_ = 0;
  std::string outgoing_, sending_;
  std::deque<Waiter*> waiting_; // for the replies in order; null: nobody waits
  std::array<char, 16 * 1024> buffer_;
  std::chrono::milliseconds pause_ = kFirstPause;
  Clock::time_point started_;
  std::string last_failure_;
};

Client::Client(asio::io_context& io, Options options) : link_(std::make_shared<Link>(io, std::move(options))) {
  link_->start();
}
Client::~Client() { link_->stop(); }

Reply Client::run(Command command) {
  auto replies = link_->run({std::move(command)});
  if (replies.front().kind == Reply::Kind::error)
    throw base::Error(base::ErrorType::unexpected_state, "Redis: " + replies.front().text);
  return std::move(replies.front());
}
std::vector<Reply> Client::run_all(std::vector<Command> commands) {
  if (commands.empty()) return {};
  return link_->run(commands);
}
void Client::send(Command command) { link_->send(command); }

} // namespace redis
