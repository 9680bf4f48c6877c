#include "base/error.hpp"
#include "base/fiber.hpp"
#include "base/log.hpp"
#include "redis/redis.hpp"
#include "redis/transport.hpp"
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
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
// hiredis counts elements by int before 1.0, and by size_t since.
template<class Count> void* make_array(const redisReadTask* task, Count n) {
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
// By name: hiredis 1.0 has added functions for RESP3's kinds, which are not asked for here.
redisReplyObjectFunctions kFunctions = [] {
  redisReplyObjectFunctions functions{};
  functions.createString = make_text;
  functions.createArray = make_array;
  functions.createInteger = make_integer;
  functions.createNil = make_nil;
  functions.freeObject = free_reply;
  return functions;
}();

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
  Link(asio::io_context& io, Options options)
      : io_(io), options_(std::move(options)), pause_timer_(io), look_timer_(io) {}

  void start() { connect(); }
  const Options& options() const { return options_; }

  void stop() {
    state_ = State::stopped;
    pause_timer_.cancel();
    look_timer_.cancel();
    if (transport_) transport_->close();
    transport_.reset();
  }

  void close() {
    stop();
    last_failure_ = "closed";
    asio::post(io_, [self = shared_from_this()] { self->refuse_waiting(self->last_failure_); });
  }

  // On a fiber.
  std::vector<Reply> run(const std::vector<Command>& commands) {
    if (is_away()) throw away(last_failure_);
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
    if (is_away()) return;
    enqueue(command, nullptr);
    flush();
  }

 private:
  enum class State { connecting, ready, paused, stopped };

  // Nobody waits for what has already failed once. Commands are kept while the first connection is being made, and while
  // a good one that was lost (an idle one that the server has closed) is made anew.
  bool is_away() const {
    return state_ == State::paused || state_ == State::stopped || (state_ == State::connecting && complained_);
  }

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

  // AUTH and SELECT go before whatever has been queued while connecting, which is kept until they are answered.
  void greet() {
    std::string greeting;
    const auto add = [&](const Command& command) {
      append(greeting, command);
      greetings_.push_back(command.front());
    };
    if (!options_.user.empty() && !options_.password.empty())
      add({"AUTH", options_.user, options_.password});
    else if (!options_.password.empty())
      add({"AUTH", options_.password});
    if (!options_.connection_name.empty()) add({"CLIENT", "SETNAME", options_.connection_name});
    if (options_.database != 0) add({"SELECT", std::to_string(options_.database)});
    add({"PING"});
    sending_ = std::move(greeting);
    write();
    read();
  }

  void flush() {
    if (state_ != State::ready || writing_ || outgoing_.empty()) return;
    sending_.swap(outgoing_);
    write();
  }

  void write() {
    writing_ = true;
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
      if (!greetings_.empty()) {
        const std::string command = std::move(greetings_.front());
        greetings_.pop_front();
        if (reply->kind == Reply::Kind::error && !forgivable(command, reply->text)) {
          fail(reply->text);
          return false;
        }
        if (greetings_.empty()) became_ready();
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

  // ioredis: a name that can't be set is no reason to do without Redis, and neither is a password that nobody asks for.
  static bool forgivable(const std::string& command, const std::string& error) {
    if (command == "CLIENT") return true;
    if (command != "AUTH" || (error.find("no password is set") == std::string::npos &&
                              error.find("without any password configured") == std::string::npos))
      return false;
    base::log_warn("Redis asks for no password, but one is configured");
    return true;
  }

  void became_ready() {
    state_ = State::ready;
    ready_ = Clock::now();
    attempts_ = 0;
    if (complained_) base::log_info("Redis is available again");
    complained_ = false;
    flush();
  }

  void fail(const std::string& why) {
    life_++;
    last_failure_ = why;
    // A connection that has served is made anew at once; what does not last is tried again later.
    const bool was_good = state_ == State::ready && Clock::now() - ready_ > kLongestPause;
    if (!was_good) complain(why);
    if (transport_) transport_->close();
    transport_.reset();
    writing_ = false;
    greetings_.clear();
    outgoing_.clear();
    sending_.clear();
    if (was_good) {
      connect();
    } else {
      state_ = State::paused;
      pause_timer_.expires_after(pause());
      pause_timer_.async_wait([self = shared_from_this(), life = life_](boost::system::error_code error) {
        if (error || life != self->life_ || self->state_ != State::paused) return;
        self->connect();
      });
    }
    refuse_waiting(why);
  }

  // An attempt to connect goes on, but nobody waits for it any more; a connection that owes an answer is given up.
  void give_up_waiting() {
    const std::string why = "no answer in time";
    complain(why);
    if (state_ == State::ready) return fail(why);
    outgoing_.clear();
    refuse_waiting(why);
    look();
  }

  void complain(const std::string& why) {
    last_failure_ = why;
    if (!complained_) {
      const std::string_view meaning = meaning_of(why);
      base::log_error("Redis is not available" + (meaning.empty() ? std::string() : ": " + std::string(meaning)),
                      {{"key", options_.setting}, {"host", options_.host}, {"error", why}});
    }
    complained_ = true;
  }

  // Nobody is told twice: a waiter of several commands stands in the queue several times.
  void refuse_waiting(const std::string& why) {
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

  std::chrono::milliseconds pause() {
    const std::size_t attempt = attempts_++;
    if (!options_.pauses.empty()) return options_.pauses[std::min(attempt, options_.pauses.size() - 1)];
    return std::min(kFirstPause * (1 << std::min<std::size_t>(attempt, 6)), kLongestPause);
  }

  // While a connection is being made or commands wait, looks from time to time whether that takes too long.
  void look() {
    if (looking_) return;
    looking_ = true;
    look_timer_.expires_after(std::max(kLook, options_.patience / 10));
    look_timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      self->looking_ = false;
      if (!error) self->check_deadlines();
    });
  }

  void check_deadlines() {
    if (state_ != State::connecting && state_ != State::ready) return;
    const auto now = Clock::now();
    if (state_ == State::connecting && now - started_ > options_.connect_patience) return fail("no answer in time");
    for (const Waiter* waiter : waiting_)
      if (waiter) {
        if (waiter->deadline < now) return give_up_waiting();
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
  bool writing_ = false, complained_ = false, looking_ = false;
  std::deque<std::string> greetings_; // the commands before anybody's own
  std::string outgoing_, sending_;
  std::deque<Waiter*> waiting_; // for the replies in order; null: nobody waits
  std::array<char, 16 * 1024> buffer_;
  std::size_t attempts_ = 0; // in vain
  Clock::time_point started_, ready_;
  std::string last_failure_;
};

Client::Client(asio::io_context& io, Options options) : link_(std::make_shared<Link>(io, std::move(options))) {
  link_->start();
}
Client::~Client() { link_->stop(); }

const std::string& Client::key_prefix() const { return link_->options().key_prefix; }

Reply Client::run(Command command) {
  auto replies = link_->run({std::move(command)});
  if (replies.front().kind == Reply::Kind::error)
    throw base::Error(base::ErrorType::unexpected_state, "Redis: " + replies.front().text);
  return std::move(replies.front());
}
std::vector<Reply> Client::run_all(const std::vector<Command>& commands) {
  if (commands.empty()) return {};
  return link_->run(commands);
}
void Client::send(const Command& command) { link_->send(command); }
void Client::close() { link_->close(); }

} // namespace redis
