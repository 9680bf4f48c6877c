#include "http/dispatcher.hpp"
#include "base/error.hpp"
#include "base/fiber.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "db/batch.hpp"
#include "db/errors.hpp"
#include "http/access_log.hpp"
#include "http/body.hpp"
#include "http/entity_tag.hpp"
#include "http/errors.hpp"
#include "http/making_impl.hpp"
#include "http/query_string.hpp"
#include "http/request_id.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace http {
namespace {

// For tests of routes that don't touch a database.
class NoDatabase final : public db::Database {
 public:
  db::Session& shared() override { throw base::Error(base::ErrorType::unavailable, "no database"); }
  std::unique_ptr<db::Transaction> begin(db::Isolation) override {
    throw base::Error(base::ErrorType::unavailable, "no database");
  }
};

// Medusa 1.20: normalizeQuery. An array of one entry is split at its commas.
void normalize(base::Json& query) {
  for (auto& member : query.as_object()) {
    if (!member.value.is_array() || member.value.size() != 1) continue;
    const auto& only = member.value.as_array().front();
    if (!only.is_string()) continue;
    base::JsonArray parts;
    for (auto& part : base::split(only.as_string(), ',')) parts.emplace_back(std::move(part));
    member.value = base::Json(std::move(parts));
  }
}

void check_or_throw(const Rules* rules, base::Json& value, const schema::Flags& flags) {
  if (!rules) return;
  if (const auto problems = check(*rules, value, flags); !problems.empty())
    throw base::Error::invalid_data(base::join(problems, ", "));
}

// No text of PostgreSQL holds a zero byte. Throws with the name of the member that does.
void refuse_zero_bytes(const base::Json& value, std::string_view name) {
  if (value.is_string() && value.as_string().find('\0') != std::string::npos) throw base::Error::malformed(name);
  if (value.is_array())
    for (const auto& element : value.as_array()) refuse_zero_bytes(element, name);
  if (!value.is_object()) return;
  for (const auto& member : value.as_object()) {
    if (member.name.find('\0') != std::string::npos) throw base::Error::malformed("a member's name");
    refuse_zero_bytes(member.value, member.name);
  }
}
void refuse_zero_bytes(const Request& request) {
  // Seldom is there one to look for.
  if (request.target.find("%00") != std::string::npos) {
    for (const auto& [name, value] : request.params) refuse_zero_bytes(value, name);
    refuse_zero_bytes(request.query, "the query");
  }
  const auto in_body = [&](std::string_view bytes) { return request.raw_body.find(bytes) != std::string::npos; };
  if (in_body("\\u0000") || in_body("%00") || in_body({"\0", 1})) refuse_zero_bytes(request.body, "the body");
}

void apply_publishable_key(const Route& route, const Request& request, ports::Call& call) {
  const auto key = request.header("x-publishable-api-key");
  if (key.empty() || route.publishable_key == PublishableKey::ignored) return;
  static const db::Statement channels(
      "SELECT k.revoked_at IS NOT NULL, s.sales_channel_id FROM publishable_api_key k LEFT JOIN "
      "publishable_api_key_sales_channel s ON s.publishable_key_id = k.id WHERE k.id = $1");
  const auto rows = call.db().run(channels, db::Params::of(key));
  // 1.20 opens all channels for either of them.
  if (rows.empty())
    throw base::Error::invalid_data("There is no publishable API key as in the header x-publishable-api-key");
  if (rows.boolean(0, 0))
    throw base::Error::invalid_data("The publishable API key in the header x-publishable-api-key has been revoked");
  auto& scope = call.identity.sales_channel_ids;
  for (int i = 0; i < rows.rows(); i++)
    if (!rows.is_null(i, 1)) scope.emplace_back(rows.text(i, 1));
  const auto& in_body = request.body["sales_channel_id"];
  const auto& asked = in_body.truthy() ? in_body : request.query["sales_channel_id"];
  if (scope.empty() || !asked.truthy()) return;
  std::vector<std::string> ids;
  if (asked.is_array())
    for (const auto& id : asked.as_array()) ids.push_back(base::spelled(id));
  else
    ids.push_back(base::spelled(asked));
  for (const auto& id : ids)
    if (std::find(scope.begin(), scope.end(), id) == scope.end())
      throw RequestErrors({"Provided sales channel id param: " + base::join(ids, ",") +
                           " is not associated with the Publishable API Key passed in the header of the request."});
}

// Medusa 1.20 (passport): no content type, and no length.
void answer_unauthorized(Response& response) {
  response.status = 401;
  response.content_type.clear();
  response.body = "Unauthorized";
  response.framing = Response::Framing::chunked;
  response.tagged = false;
}

struct TooManyFailures {
  std::int64_t seconds; // to wait
};

bool is_wrong_guess(const base::Error& failure) {
  using base::ErrorType;
  return failure.type == ErrorType::not_found || failure.type == ErrorType::invalid_data ||
         failure.type == ErrorType::not_allowed || failure.type == ErrorType::unauthorized;
}
bool is_wrong_guess(const Response& response) {
  return response.status == 400 || response.status == 401 || response.status == 404;
}

// A reply that may be shared, and when it was asked for, once that is known.
struct Shared {
  std::string key; // empty: it may not
  std::optional<ReplyCache::Moment> moment;
};

class Dispatcher final : public Responder {
 public:
  Dispatcher(Site& site, Resources resources, boost::asio::io_context& io)
      : site_(site), resources_(std::move(resources)), io_(io),
        failures_(site.failures, resources_.redis.get(),
                  (resources_.redis ? resources_.redis->key_prefix() : "") + site.config.redis_prefix +
                      "stheno:failures:"),
        making_(io), logs_access_(site.config.node_env != "test") {
    if (!resources_.database) resources_.database = std::make_unique<NoDatabase>();
    if (resources_.redis) redis_sessions_.emplace(*resources_.redis, site.config);
  }

  void respond(Request& request, Response& response) override {
    const Measured measured{*this, response};
    try {
      answer(request, response, measured.answered);
    } catch (const std::exception& failure) {
      // A failure outside of any route.
      log_failure(request, failure.what());
      response = {};
      answer_unknown_error(response);
    }
    if (response.tagged) tag(request, response);
    compress(request, response);
    // A request has a fiber to itself, so the fiber's statements are the request's.
    if (site_.config.count_statements)
      response.set_header("x-stheno-statements", std::to_string(db::statements_sent()));
    if (logs_access_) log_.add(request, response, measured.since);
  }

  // Of routes that take files, which are all for admins. Who is refused is told by respond(), which asks again.
  bool wants_body(Request& request) override {
    const auto match = site_.router.match(request.method, request.path);
    if (!match.route || match.route->auth != Auth::admin) return true;
    try {
      OpenSession open;
      site_.sessions.open(request, store(), open);
      ports::Call call(*resources_.database, site_.config, site_.config.flags);
      return identify(Person::user, request, open.session, call).has_value();
    } catch (const TooManyFailures&) {
    } catch (const std::exception&) {
    }
    return false;
  }

  void pass(Request& request, Response& response, Exchange& exchange) override {
    const Measured measured{*this, response, {nullptr, Answerer::plugins}};
    try {
      if (resources_.beside) resources_.beside->pass(request, response, exchange);
    } catch (const ClientGone&) {
      if (logs_access_) log_.add(request, response, measured.since);
      throw;
    } catch (const base::Error& failure) {
      log_error(request, failure);
      answer_error(failure, response);
    } catch (const std::exception& failure) {
      log_failure(request, failure.what());
      answer_unknown_error(response);
    }
    if (logs_access_) log_.add(request, response, measured.since);
  }

  void tick() override { log_.flush(); }

 private:
  // By whom a request was answered: by the route, where there is one.
  struct Answered {
    const Route* route = nullptr;
    Answerer otherwise = Answerer::nobody;
  };
  // Counts a request when it has been answered.
  struct Measured {
    using Clock = std::chrono::steady_clock;
    Dispatcher& dispatcher;
    const Response& response;
    mutable Answered answered{};
    const Clock::time_point since = Clock::now();
    ~Measured() {
      dispatcher.site_.figures.add(answered.route, answered.otherwise, response.status, Clock::now() - since);
    }
  };

  SessionStore& store() {
    if (redis_sessions_) return *redis_sessions_;
    return site_.memory_sessions;
  }

  void answer(Request& request, Response& response, Answered& answered) {
    OpenSession open;
    const bool with_session = site_.sessions.concern(request);
    if (with_session) site_.sessions.open(request, store(), open);
    if (lies_in(request.path, "/health") && request.path.size() <= sizeof "/health") {
      answered.otherwise = Answerer::health;
      answer_health(request, response);
    } else if (request.path == "/health/ready" && is_read(request)) {
      answered.otherwise = Answerer::health;
      answer_ready(response);
    } else if (read_body(request, response, site_.config.node_env)) {
      route(request, response, open.session, answered);
    }
    if (!with_session) return;
    try {
      site_.sessions.close(request, store(), open, response);
    } catch (const base::Error& failure) {
      response.etag.clear();
      answer_error(failure, response);
    }
  }

  void answer_health(const Request& request, Response& response) const {
    if (site_.state_beside) response.set_header("x-stheno-plugins", std::string(site_.state_beside()));
    response.content_type = "text/html; charset=utf-8";
    response.transformable = false; // it stands before the middleware that compresses
    if (is_read(request)) {
      response.body = "OK";
    } else if (request.method == Method::options) {
      response.headers.push_back({"Allow", "GET,HEAD"});
      response.body = "GET,HEAD";
    } else {
      answer_no_route(request, response);
    }
  }

  static bool is_read(const Request& request) {
    return request.method == Method::get || request.method == Method::head;
  }

  // Not in 1.20: whether requests can be answered as they should be, and if not, what is missing. All parts are asked, so that
  // whoever looks sees all that is wrong.
  void answer_ready(Response& response) {
    base::JsonArray missing;
    for (const Need& need : site_.needs)
      if (std::string reason = need.missing(resources_); !reason.empty())
        missing.push_back(base::JsonObject{{"part", need.name}, {"reason", std::move(reason)}});
    response.status = missing.empty() ? 200 : 503;
    response.set_header("Cache-Control", "no-store");
    response.tagged = false;
    response.body = base::Json(base::JsonObject{{"ready", missing.empty()}, {"missing", std::move(missing)}}).dump();
  }

  void route(Request& request, Response& response, Session& session, Answered& answered) {
    answered.otherwise = Answerer::file;
    if (site_.static_files && site_.static_files->answer(request, response)) return;
    if (site_.single_page && site_.single_page->answer(request, response)) return;
    if (site_.front_page && site_.front_page->answer(request, response)) return;
    answered.otherwise = Answerer::nobody;
    const bool admin = lies_in(request.path, "/admin"), store = !admin && lies_in(request.path, "/store");
    if (admin && site_.admin_cors.apply(request, response)) return;
    if (store && site_.store_cors.apply(request, response)) return;
    const auto match = site_.router.match(request.method, request.path);
    answered.route = match.route;
    try {
      ports::Call call(*resources_.database, site_.config, site_.config.flags);
      call.cache = resources_.cache.get();
      call.outside = resources_.outside.get();
      call.counts.rows = site_.row_counts;
      // Any path below /admin that is not open to all asks who comes before it says whether it exists.
      Shared shared;
      if (site_.reply_cache && match.route && match.route->kept != Kept::never)
        shared.key = ReplyCache::key_of(request);
      if (admin && (!match.route || match.route->auth == Auth::admin)) {
        call.identity.user_id = identify(Person::user, request, session, call, &shared);
        if (!call.identity.user_id) return answer_nobody(session, response);
      }
      if (store) call.identity.customer_id = identify(Person::customer, request, session, call);
      if (call.identity.customer_id) shared.key.clear();
      if (!match.route) return answer_no_route(request, response);
      if (match.route->auth == Auth::customer && !call.identity.customer_id) return answer_nobody(session, response);
      if (!call.on(match.route->flag)) return answer_status(404, response);
      call.identity.ip = client_address(request);
      call.identity.user_agent = request.header("user-agent");
      run(match, request, response, session, call, std::move(shared));
    } catch (const TooManyFailures& failure) {
      answer_too_many(failure.seconds, response);
    } catch (const base::Error& failure) {
      log_error(request, failure);
      answer_error(failure, response);
    } catch (const RequestErrors& failure) {
      answer_errors(failure.errors, response);
    } catch (const std::exception& failure) {
      log_failure(request, failure.what());
      answer_unknown_error(response);
    }
  }

  // Who asks, if they are who they say; the question of the shared reply travels with it.
  std::optional<std::string> identify(Person person, const Request& request, Session& session, ports::Call& call,
                                      Shared* shared = nullptr) {
    const auto claims = site_.authentication.claims(person, request, session);
    if (claims.empty()) return std::nullopt;
    const auto attempt = claims.has_api_token() ? std::optional(api_token_attempt(request)) : std::nullopt;
    if (attempt) heed(*attempt, Outcome::unknown);
    db::Batch batch;
    const auto found = batch.add(claims.query());
    std::optional<ReplyCache::Look> look;
    db::Batch::Slot seen;
    if (shared && !shared->key.empty()) seen = batch.add(look.emplace(site_.reply_cache->look()).changes.query);
    batch.run(call.db());
    const auto holder = claims.judge(*found);
    if (!holder && attempt) heed(*attempt, Outcome::wrong);
    if (!holder) return std::nullopt;
    if (look) shared->moment = site_.reply_cache->judge(*look, *seen);
    // From its first use here on, also a session of the real Medusa's ends with the password.
    if (holder->of_unmarked_session) {
      session.data.set(members_of(person).mark, holder->mark);
      session.dirty = true;
    }
    return holder->id;
  }

  // Counts a guess, and throws where there were too many wrong ones.
  void heed(const Attempt& attempt, Outcome outcome) {
    if (!site_.config.failure_limits) return;
    if (const auto seconds = failures_.wait(attempt, outcome); seconds > 0) throw TooManyFailures{seconds};
  }

  // Lets the caller try a password, a token or a code.
  void let_guess(const Attempt& attempt, const Route& route, Context& context) {
    const std::string& key = attempt.counters.front().key;
    const bool in_turn = site_.config.failure_limits && route.guess == Guess::password;
    if (in_turn && !turns_.take(key)) throw TooManyFailures{1};
    struct Turn {
      Turns* turns; // null: there was none to take
      const std::string& key;
      boost::asio::io_context& io;
      ~Turn() {
        base::Fiber* const next = turns ? turns->give_back(key) : nullptr;
        if (next) boost::asio::post(io, [next] { base::resume_fiber(next); });
      }
    } const turn{in_turn ? &turns_ : nullptr, key, io_};
    heed(attempt, Outcome::unknown);
    const Session before = context.session;
    std::optional<base::Error> refusal;
    try {
      route.handler(context);
    } catch (const base::Error& failure) {
      if (!is_wrong_guess(failure)) throw;
      refusal = failure;
    }
    if (refusal || is_wrong_guess(context.response)) heed(attempt, Outcome::wrong);
    if (refusal) throw *refusal;
    if (route.guess != Guess::password || context.response.status != 200) return;
    try {
      heed(attempt, Outcome::right);
    } catch (const TooManyFailures&) {
      context.session = before;
      throw;
    }
  }

  // Somebody whose session can't be looked up may well be logged in: a 401 would make the client forget it.
  static void answer_nobody(const Session& session, Response& response) {
    if (!session.available) throw base::Error(base::ErrorType::unavailable, "the session can't be loaded");
    answer_unauthorized(response);
  }

  // A reply that is the same for everybody is made once, until something of it changes.
  void run(const Router::Match& match, Request& request, Response& response, Session& session, ports::Call& call,
           Shared shared) {
    auto [key, moment] = std::move(shared);
    if (key.empty()) return handle(match, request, response, session, call);
    if (!moment) moment = site_.reply_cache->moment(call.db());
    if (!moment) return handle(match, request, response, session, call);
    auto reply = site_.reply_cache->find(key, *moment);
    call.counts.lists = &site_.list_counts;
    call.counts.generation = moment->generation;
    // What has just ended is asked for by many at once.
    const auto turn = reply ? std::nullopt : making_.begin(key);
    if (!reply && !turn) reply = site_.reply_cache->find(key, *moment);
    if (!reply) {
      const auto headers = response.headers.size();
      handle(match, request, response, session, call);
      if (response.status != 200 || !response.keepable || response.headers.size() != headers) return;
      std::string etag = entity_tag(response.body);
      reply = ReplyCache::Reply::make(std::move(response.body), response.content_type, std::move(etag),
                                      std::move(response.shown_products));
      site_.reply_cache->keep(key, *moment, reply);
    }
    show(*reply, std::move(key), *moment, request, response);
  }

  // Also its compressed form is made once, and kept like a reply of its own.
  void show(const ReplyCache::Reply& reply, std::string key, ReplyCache::Moment moment, const Request& request,
            Response& response) {
    response.content_type = reply.content_type;
    response.etag = reply.etag;
    if (is_fresh(request, reply.etag)) return; // becomes a 304
    const Encoding encoding = site_.compression.choose(request, response, reply.body.size());
    if (encoding == Encoding::identity) {
      response.body = reply.body;
      return;
    }
    key.append(1, '\n').append(name_of(encoding));
    auto encoded = site_.reply_cache->find(key, moment);
    if (!encoded) {
      std::string body = site_.compression.encoded(encoding, reply.body, [this] { pause(); });
      if (body.empty()) {
        response.body = reply.body;
        return;
      }
      encoded = ReplyCache::Reply::make(std::move(body), reply.content_type, reply.etag, reply.products);
      site_.reply_cache->keep(std::move(key), moment, encoded);
    }
    Compression::use(encoding, encoded->body, response);
  }

  void compress(const Request& request, Response& response) {
    const Encoding encoding = site_.compression.choose(request, response, response.body.size());
    if (encoding == Encoding::identity) return;
    if (std::string body = site_.compression.encoded(encoding, response.body, [this] { pause(); }); !body.empty())
      Compression::use(encoding, std::move(body), response);
  }

  // Lets other requests of the thread go on.
  void pause() {
    boost::asio::post(io_, [fiber = base::current_fiber()] { base::resume_fiber(fiber); });
    base::suspend_fiber();
  }

  void handle(const Router::Match& match, Request& request, Response& response, Session& session, ports::Call& call) {
    for (const auto& [name, part] : match.params) {
      auto value = decode_uri_component(part);
      if (!value) throw base::Error::invalid_data("Failed to decode param '" + std::string(part) + "'");
      request.params.emplace_back(name, std::move(*value));
    }
    request.query = parse_query(request.raw_query);
    refuse_zero_bytes(request);
    apply_publishable_key(*match.route, request, call);
    Context context{request, response, call, session};
    if (match.route->first) match.route->first(context);
    if (match.route->query_rules) normalize(request.query);
    check_or_throw(match.route->query_rules, request.query, call.flags);
    check_or_throw(match.route->body_rules, request.body, call.flags);
    if (const auto attempt = attempt_of(match.route->guess, request))
      let_guess(*attempt, *match.route, context);
    else
      match.route->handler(context);
  }

  static void log_error(const Request& request, const base::Error& failure) {
    using base::ErrorType;
    switch (failure.type) {
    case ErrorType::db_error:
    case ErrorType::unexpected_state:
    case ErrorType::invalid_argument:
    case ErrorType::unavailable:
    case ErrorType::forbidden:
    case ErrorType::unknown_error: return log_failure(request, db::explanation(failure));
    default: break; // the client's business
    }
  }

  static void log_failure(const Request& request, std::string_view what) {
    const std::string id = request_id(request.header("traceparent"), request.header("x-request-id"));
    base::log_error("A request failed",
                    {{"request_id", id}, {"method", request.method_text}, {"path", request.path}, {"error", what}});
  }

  Site& site_;
  Resources resources_;
  boost::asio::io_context& io_;
  std::optional<RedisSessionStore> redis_sessions_;
  Failures failures_;
  Turns turns_;
  Making making_;
  AccessLog log_;
  const bool logs_access_;
};

} // namespace

Site::Site(const config::Config& configuration, Routes routes)
    : config(configuration), router(std::move(routes)), store_cors(configuration.store_cors),
      admin_cors(configuration.admin_cors), compression(configuration.http_compression), sessions(configuration),
      authentication(configuration), figures(router.routes()) {}

bool Site::takes_files(const Request& request) const {
  const auto* route = router.match(request.method, request.path).route;
  return route && route->takes == Takes::files;
}

bool Site::passed_on(const Request& request) const {
  if (!answered_beside || lies_in(request.path, "/health")) return false;
  const auto* route = router.match(request.method, request.path).route;
  if (!route && static_files && static_files->covers(request.path)) return false;
  if (!route && single_page && single_page->covers(request.path)) return false;
  if (!route && front_page && front_page->covers(request.path)) return false;
  return answered_beside(request, route);
}

MakeResponder dispatchers(Site& site, MakeResources make_resources) {
  return [&site, make_resources = std::move(make_resources)](boost::asio::io_context& io) {
    return std::make_unique<Dispatcher>(site, make_resources(io), io);
  };
}

} // namespace http
