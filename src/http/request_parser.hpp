// Turns the bytes of one connection into requests. Strict where leniency lets requests be smuggled past a proxy: line
// ends are CR LF, lengths are told once and in one way. The head is parsed by llhttp (in request_parser.cpp only), the
// body here. Owns the request that is being read. One per connection, on the connection's thread.
#pragma once
#include "http/http.hpp"
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace http {

struct Limits {
  std::size_t head = 16 * 1024;               // request line and header fields, as Node's
  std::size_t header_fields = 256;            // lines
  std::size_t body = 100 * 1024;              // Medusa 1.20: body-parser's default; more is read, dropped and told
  std::size_t dropped_body = 8 * 1024 * 1024; // more than that is not even read
  std::uint64_t files = 100 * 1024 * 1024;    // of a body of files, which goes to a temporary file
  std::function<bool(const Request&)> takes_files{}; // whether a request's body may be one; asked of those that say so
  std::function<bool(const Request&)> passed_on{};   // whether somebody beside this server answers it
};

class RequestParser {
 public:
  enum class State {
    head,
    asking,  // the head of a request that may bring files is there: go_on() says whether its body is read
    passing, // the head of a request that is passed on is there: go_on_in_parts() begins its body
    body,
    complete,
    refused
  };

  explicit RequestParser(const Limits& limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Takes bytes up to the end of one request and returns how many it took; all of them unless asking, complete or refused.
  std::size_t feed(std::string_view bytes);
  enum class Wanted { no, yes };
  // After asking. A body that is not wanted is not read: the request is complete as it is, and the last on its connection.
  void go_on(Wanted body);
  // After passing. What feed() takes of the body is then in the request's raw_body, for the caller to take away.
  void go_on_in_parts();
  // Whether a body follows the head.
  bool has_body() const { return body_ != Body::none; }
  // The rest of the body is not going to be read: the request is the last on its connection.
  void abandon();
  // Makes ready for the next request, after complete.
  void reset();

  State state() const { return state_; }
  // Whether a byte of a request has come.
  bool started() const { return state_ != State::head || !head_.empty(); }
  int refusal() const { return refusal_; } // the status to answer with, when refused
  bool keep_alive() const { return keep_alive_; }
  // The client waits for "100 Continue" before it sends the body.
  bool expects_continue() const { return expects_continue_; }
  Request& request() { return request_; }

 private:
  enum class Body {
    none,
    length,
    chunk_size,
    extension_start,
    extension_name,
    extension_value,
    extension_quoted,
    extension_escape,
    extension_quoted_end,
    chunk_size_lf,
    chunk_data,
    chunk_data_cr,
    chunk_data_lf,
    trailer
  };
  std::size_t feed_head(std::string_view bytes);
  std::size_t feed_body(std::string_view bytes);
  std::size_t feed_trailer(char c);
  void parse_head(std::string_view head);
  void begin_body(bool chunked, std::uint64_t length);
  void limit_body(std::uint64_t most);
  void take(std::string_view part);
  void keep(std::string_view part);
  void refuse(int status);
  void finish_headers();
  friend struct HeadCallbacks;

  const Limits& limits_;
  Request request_;
  std::string head_; // of a head that came in pieces, then a trailer's line
  State state_ = State::head;
  Body body_ = Body::none;
  std::size_t skipped_ = 0;   // bytes of empty lines ahead of the head
  std::uint64_t rest_ = 0;    // bytes still to come of the body or the chunk
  std::uint64_t most_ = 0;    // bytes that the body may have
  std::uint64_t kept_ = 0;    // bytes of the body so far
  std::uint64_t dropped_ = 0; // bytes of a body that is too large
  std::size_t overhead_ = 0;  // bytes of chunk extensions and trailers
  bool size_told_ = false;    // a digit of the chunk's size has come
  int refusal_ = 0;
  bool keep_alive_ = false, expects_continue_ = false;
};

} // namespace http
