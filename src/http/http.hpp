// What endpoint code sees of HTTP: requests, responses, routes. No Asio, no parser, no OpenSSL.
// Owns: nothing beyond the values. Handlers run on the request's fiber.
#pragma once
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/passwords.hpp"
#include "base/request_errors.hpp"
#include "ports/call.hpp"
#include "rules/rules.hpp"
#include "schema/flags.hpp"
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

enum class Method { get, head, post, put, patch, del, options, other };
std::string_view method_name(Method method);

struct Header {
  std::string name, value;
};

struct Request {
  Method method = Method::get;
  std::string method_text;     // as sent; the only name of Method::other
  std::string target;          // as sent: "/store/products?limit=1"
  std::string path;            // before "?", percent-decoded per segment by the router only
  std::string raw_query;       // after "?"
  std::vector<Header> headers; // of one name once: repeated lines are joined as Node joins them
  std::string raw_body;        // at most Limits::body bytes; empty when the body was larger
  base::FileRange body_file{}; // of a route that takes files: the body, in a temporary file
  bool body_too_large = false;
  int minor_version = 1; // HTTP/1.x
  base::Json query;      // parsed as the qs module does (nested objects, arrays); an object
  base::Json body;       // parsed JSON or urlencoded body; an empty object without one
  std::vector<std::pair<std::string_view, std::string>> params; // by the route's :names
  std::string remote_address;

  std::string_view header(std::string_view name) const;  // "" where missing; names compare without case
  const std::string& param(std::string_view name) const; // throws std::logic_error when the route has no such name
};

struct Response {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8"; // empty: none is sent
  std::vector<Header> headers;
  std::string body;
  base::FileRange file{};           // sent behind the body, which is empty then
  std::vector<std::string> cookies; // values of Set-Cookie
  bool tagged = true;               // gets an ETag, as everything that Express' res.send sends
  std::string etag;                 // empty: the dispatcher makes it
  bool transformable = true;        // may be compressed on its way out
  bool keepable = true;             // false: shows what nobody watches, so it isn't kept where its route's replies are
  std::optional<std::vector<std::string>>
      shown_products{};             // those whose variants a kept reply shows; nullopt: perhaps any
  std::vector<Header> late_headers; // decided when the head goes out: behind the ETag
  // How the end of the body is told. Quirk: authenticate()'s 401 goes out chunked, as Node does without a length.
  enum class Framing { length, chunked, none } framing = Framing::length;

  std::uint64_t length() const { return body.size() + file.size; }
  // Sets or replaces a header; names compare without case.
  void set_header(std::string_view name, std::string value);
};

// The two kinds of people who log in.
enum class Person { user, customer };

// The login session behind the cookie (see session.hpp); values are written back when the response is sent.
class Session {
 public:
  std::string id;
  base::Json data = base::Json::object(); // "user_id", "customer_id", each with the mark of the password
  bool loaded = false, dirty = false, destroyed = false;
  bool available = true; // the store has answered; where it has not, nobody knows whose session this is
  // Whoever has logged in or out goes on under a new id, so that nobody who knew the old one comes along.
  enum class Turn { none, log_in, log_out } turn = Turn::none;
  std::vector<std::string> ended; // ids of people all of whose sessions end with this response

  void log_in(Person person, const base::Login& login);
  // Ends this login, and all sessions of the person who was found to be logged in.
  void log_out(Person person, const std::optional<std::string>& id);
};

using base::RequestErrors;
// Routes name the rules of their queries and bodies.
using rules::check;
using rules::Is;
using rules::may_be_left_out;
using rules::Presence;
using rules::range_of;
using rules::Rule;
using rules::Rules;
using rules::Unknown;

struct Context {
  const Request& request;
  Response& response;
  ports::Call& call;
  Session& session;

  const std::string& param(std::string_view name) const { return request.param(name); }
  const base::Json& query() const { return request.query; }
  const base::Json& body() const { return request.body; }
  // Ends with that JSON text.
  void json(std::string text, int status = 200) {
    response.status = status;
    response.body = std::move(text);
  }
  void json(const base::Json& value, int status = 200) { json(value.dump(), status); }
};

using Handler = std::function<void(Context&)>;

// Who may call a route. Admin routes answer 401 without a user; store routes with `customer` without a customer.
enum class Auth { none, admin, customer, customer_optional };

// What a caller can find out by trying: whoever is wrong too often has to wait (failures.hpp). Codes count only where the
// body has some.
enum class Guess { none, password, token, code, order };

// How long a reply of 200 may be shown to others who ask the same without being logged in.
enum class Kept { never, while_catalogue_unchanged };

// What a route's body is. One of files is multipart/form-data, lies in a file and has a limit of its own (uploads.hpp).
enum class Takes { json, files };

// Whether the header x-publishable-api-key says what a route shows and sells: what lies in the key's sales channels.
enum class PublishableKey { ignored, opens_channels };

struct Described; // described.hpp

// Replies of POST requests may be stored under the Idempotency-Key (Medusa 1.20: IdempotencyKeyService).
struct Route {
  Method method = Method::get;
  std::string_view path; // "/store/carts/:id"
  Handler handler{};
  Auth auth = Auth::none;
  const Rules* query_rules = nullptr; // null: the query is not looked at
  const Rules* body_rules = nullptr;  // null: the body is not looked at
  schema::Flag flag = schema::Flag::none;
  Kept kept = Kept::never;
  std::shared_ptr<const Described> described{}; // what it answers, in words
  Takes takes = Takes::json;
  Handler first{}; // refuses by what the path names, before the query and the body are looked at
  Guess guess = Guess::none;
  PublishableKey publishable_key = PublishableKey::ignored;
};
using Routes = std::vector<Route>;

} // namespace http
