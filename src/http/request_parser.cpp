#include "http/request_parser.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "http/head_syntax.hpp"
#include "http/multipart.hpp"
#include <limits>
#include <llhttp.h>
#include <system_error>

namespace http {
namespace {

constexpr std::size_t kChunkOverhead = 16 * 1024; // extensions and trailers of one request

Method method_of(std::uint8_t method) {
  switch (method) {
  case HTTP_GET: return Method::get;
  case HTTP_HEAD: return Method::head;
  case HTTP_POST: return Method::post;
  case HTTP_PUT: return Method::put;
  case HTTP_PATCH: return Method::patch;
  case HTTP_DELETE: return Method::del;
  case HTTP_OPTIONS: return Method::options;
  default: return Method::other;
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

} // namespace

// What llhttp reports of one head; it is always given a whole one.
struct HeadCallbacks {
  RequestParser& owner;
  bool value_seen = true, complete = false, chunked = false, transfer_encoding = false, has_length = false;
  bool keep_alive = false, connect = false;
  std::uint64_t length = 0;
  std::uint8_t method = 0;

  static HeadCallbacks& of(llhttp_t* parser) { return *static_cast<HeadCallbacks*>(parser->data); }
  static int url(llhttp_t* parser, const char* at, std::size_t n) {
    of(parser).owner.request_.target.append(at, n);
    return 0;
  }
  static int field(llhttp_t* parser, const char* at, std::size_t n) {
    auto& self = of(parser);
    auto& headers = self.owner.request_.headers;
    if (self.value_seen) headers.emplace_back();
    self.value_seen = false;
    headers.back().name.append(at, n);
    return 0;
  }
  static int value(llhttp_t* parser, const char* at, std::size_t n) {
    auto& self = of(parser);
    self.value_seen = true;
    self.owner.request_.headers.back().value.append(at, n);
    return 0;
  }
  // An empty value has no span.
  static int value_complete(llhttp_t* parser) {
    of(parser).value_seen = true;
    return 0;
  }
  static int headers_complete(llhttp_t* parser) {
    auto& self = of(parser);
    self.chunked = parser->flags & F_CHUNKED;
    self.has_length = parser->flags & F_CONTENT_LENGTH;
    self.length = parser->content_length;
    self.method = parser->method;
    self.connect = parser->method == HTTP_CONNECT;
    self.owner.request_.minor_version = parser->http_minor;
    parser->upgrade = 0; // as Node without a listener for upgrades: served as an ordinary request
    return 1;            // the body is read by this class
  }
  static int message_complete(llhttp_t* parser) {
    auto& self = of(parser);
    self.complete = true;
    self.keep_alive = llhttp_should_keep_alive(parser);
    return HPE_PAUSED;
  }
  static const llhttp_settings_t& settings() {
    static const llhttp_settings_t settings = [] {
      llhttp_settings_t s;
      llhttp_settings_init(&s);
      s.on_url = url;
      s.on_header_field = field;
      s.on_header_value = value;
      s.on_header_value_complete = value_complete;
      s.on_headers_complete = headers_complete;
      s.on_message_complete = message_complete;
      return s;
    }();
    return settings;
  }
};

RequestParser::RequestParser(const Limits& limits) : limits_(limits) {}
RequestParser::~RequestParser() = default;

void RequestParser::reset() {
  request_ = {};
  head_.clear();
  head_.shrink_to_fit();
  state_ = State::head;
  body_ = Body::none;
  skipped_ = overhead_ = 0;
  rest_ = most_ = kept_ = dropped_ = 0;
  refusal_ = 0;
  size_told_ = false;
  keep_alive_ = expects_continue_ = false;
}

void RequestParser::refuse(int status) {
  state_ = State::refused;
  refusal_ = status;
  keep_alive_ = false;
}

std::size_t RequestParser::feed(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && (state_ == State::head || state_ == State::body)) {
    const auto rest = bytes.substr(taken);
    taken += state_ == State::head ? feed_head(rest) : feed_body(rest);
  }
  return taken;
}

std::size_t RequestParser::feed_head(std::string_view bytes) {
  std::size_t skipped = 0;
  // RFC 9112 2.2: empty lines before the request line are overlooked, since browsers of old sent them.
  constexpr std::size_t kMostSkipped = 64;
  if (head_.empty())
    while (skipped < bytes.size() && skipped_ < kMostSkipped && (bytes[skipped] == '\r' || bytes[skipped] == '\n'))
      skipped++, skipped_++;
  bytes.remove_prefix(skipped);
  if (head_.empty()) {
    if (const auto end = bytes.find("\r\n\r\n"); end != std::string_view::npos) {
      parse_head(bytes.substr(0, end + 4));
      return skipped + end + 4;
    }
  }
  // In pieces: look again only where the end can lie.
  const std::size_t before = head_.size();
  head_.append(bytes.substr(0, limits_.head + 4 - std::min(before, limits_.head + 4)));
  const auto end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
  if (end == std::string::npos) {
    // A head whose lines end in another way would be waited for until the time is over.
    std::string_view fresh(head_);
    fresh.remove_prefix(before > 0 && head_[before - 1] == '\r' ? before - 1 : before);
    if (fresh.ends_with('\r')) fresh.remove_suffix(1);
    const bool tells = before <= kLongestMethod || (fresh.find('\n') != std::string_view::npos &&
                                                    head_.find('\n') >= before); // of which protocol it is
    if (!lines_end_properly(fresh) || (tells && !may_be_http(head_)))
      refuse(400);
    else if (head_.size() > limits_.head)
      refuse(431);
    return skipped + bytes.size();
  }
  const std::string head = head_.substr(0, end + 4);
  head_.clear();
  parse_head(head);
  return skipped + head.size() - before;
}

void RequestParser::parse_head(std::string_view head) {
  if (head.size() > limits_.head) return refuse(431);
  if (!lines_end_properly(head) || !may_be_http(head) || !proper_fields(head)) return refuse(400);
  HeadCallbacks callbacks{*this};
  llhttp_t parser;
  llhttp_init(&parser, HTTP_REQUEST, &HeadCallbacks::settings());
  parser.data = &callbacks;
  request_.headers.reserve(16);
  const auto error = llhttp_execute(&parser, head.data(), head.size());
  if (error != HPE_PAUSED || !callbacks.complete || callbacks.connect) return refuse(400);
  if (request_.headers.size() > limits_.header_fields) return refuse(431);
  if (!proper_target(request_.target)) return refuse(400);
  // llhttp overlooks one without a value.
  for (const auto& header : request_.headers)
    callbacks.transfer_encoding |= base::equal_ignoring_case(header.name, "transfer-encoding");
  if (callbacks.transfer_encoding && (!callbacks.chunked || callbacks.has_length || request_.minor_version == 0))
    return refuse(400);
  request_.method = method_of(callbacks.method);
  request_.method_text = llhttp_method_name(static_cast<llhttp_method_t>(callbacks.method));
  keep_alive_ = callbacks.keep_alive;
  std::string_view target = request_.target;
  // The absolute form, as sent to proxies: what follows the authority counts.
  if (const auto scheme = target.find("://"); scheme != std::string_view::npos && scheme <= 5 && target[0] != '/') {
    const auto slash = target.find_first_of("/?", scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  const auto question = target.find('?');
  request_.path = target.substr(0, question);
  if (question != std::string_view::npos) request_.raw_query = target.substr(question + 1);
  finish_headers();
  if (request_.minor_version > 0) {
    bool has_host = false;
    for (const auto& header : request_.headers) has_host = has_host || base::equal_ignoring_case(header.name, "host");
    if (!has_host) return refuse(400);
    for (const auto& header : request_.headers) {
      if (!base::equal_ignoring_case(header.name, "expect")) continue;
      if (!asks_to_continue(header.value)) return refuse(417);
      expects_continue_ = true;
    }
  }
  begin_body(callbacks.chunked, callbacks.length);
}

void RequestParser::finish_headers() {
  auto& headers = request_.headers;
  std::vector<Header> joined;
  joined.reserve(headers.size());
  for (auto& header : headers) {
    trim_end(header.value);
    if (std::any_of(header.value.begin(), header.value.end(), [](char c) { return static_cast<signed char>(c) < 0; }))
      latin1_to_utf8(header.value);
    Header* same = nullptr;
    for (auto& earlier : joined)
      if (earlier.name.size() == header.name.size() && base::equal_ignoring_case(earlier.name, header.name))
        same = &earlier;
    if (!same)
      joined.push_back(std::move(header));
    else if (!kept_once(header.name))
      same->value += (base::equal_ignoring_case(header.name, "cookie") ? "; " : ", ") + header.value;
  }
  headers = std::move(joined);
}

void RequestParser::begin_body(bool chunked, std::uint64_t length) {
  const bool passed_on = limits_.passed_on && limits_.passed_on(request_);
  if (!chunked && length == 0) {
    if (passed_on) {
      expects_continue_ = false;
      state_ = State::passing;
      return;
    }
    state_ = State::complete;
    expects_continue_ = false;
    return;
  }
  state_ = State::body;
  body_ = chunked ? Body::chunk_size : Body::length;
  rest_ = chunked ? 0 : length;
  if (passed_on)
    state_ = State::passing;
  else if (limits_.takes_files && multipart_boundary(request_.header("content-type")) && limits_.takes_files(request_))
    state_ = State::asking;
  else
    limit_body(limits_.body);
}

void RequestParser::go_on(Wanted body) {
  if (body == Wanted::no) {
    keep_alive_ = expects_continue_ = false;
    state_ = State::complete;
    return;
  }
  state_ = State::body;
  try {
    request_.body_file.file = std::make_shared<const base::Descriptor>(base::temporary_file());
  } catch (const std::system_error& failure) {
    base::log_error("A file for an upload can't be made", {{"error", failure.what()}});
    return refuse(500);
  }
  limit_body(limits_.files);
}

void RequestParser::go_on_in_parts() {
  state_ = has_body() ? State::body : State::complete;
  most_ = std::numeric_limits<std::uint64_t>::max(); // whoever answers has limits of his own
}

void RequestParser::abandon() {
  keep_alive_ = false;
  state_ = State::complete;
}

void RequestParser::limit_body(std::uint64_t most) {
  most_ = most;
  if (body_ != Body::length) return;
  request_.body_too_large = rest_ > most_;
  // A body that nobody will read need not be sent at all.
  if (request_.body_too_large && (rest_ > limits_.dropped_body || expects_continue_)) {
    keep_alive_ = expects_continue_ = false;
    state_ = State::complete;
  } else if (!request_.body_too_large && !request_.body_file.file) {
    request_.raw_body.reserve(rest_);
  }
}

// Keeps a part of the body, or drops it when the body is too large.
void RequestParser::take(std::string_view part) {
  if (!request_.body_too_large && kept_ + part.size() > most_) {
    request_.body_too_large = true;
    dropped_ = kept_;
    std::string().swap(request_.raw_body);
    request_.body_file = {};
  }
  if (!request_.body_too_large) {
    keep(part);
  } else if ((dropped_ += part.size()) > limits_.dropped_body) {
    keep_alive_ = false;
    state_ = State::complete;
  }
}

void RequestParser::keep(std::string_view part) {
  kept_ += part.size();
  if (!request_.body_file.file) {
    request_.raw_body.append(part);
    return;
  }
  try {
    base::write_all(*request_.body_file.file, part);
    request_.body_file.size = kept_;
  } catch (const std::system_error& failure) {
    base::log_error("An upload can't be written to its file", {{"error", failure.what()}});
    refuse(500);
  }
}

std::size_t RequestParser::feed_body(std::string_view bytes) {
  const char c = bytes.front();
  const auto next = [this](bool good, Body after) {
    if (!good)
      refuse(400);
    else if (++overhead_ > kChunkOverhead)
      refuse(413);
    else
      body_ = after;
    return std::size_t{1};
  };
  // Behind an extension's part, which `stays` goes on with.
  const auto extension = [&](bool stays) {
    if (c == ';') return next(true, Body::extension_start);
    return next(stays || c == '\r', stays ? body_ : Body::chunk_size_lf);
  };
  switch (body_) {
  case Body::length:
  case Body::chunk_data: {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(rest_, bytes.size()));
    take(bytes.substr(0, n));
    if (state_ == State::refused) return n;
    rest_ -= n;
    if (rest_ == 0 && body_ == Body::chunk_data)
      body_ = Body::chunk_data_cr;
    else if (rest_ == 0)
      state_ = State::complete;
    return n;
  }
  case Body::chunk_size:
    if (const int digit = hex_digit(c); digit >= 0) {
      size_told_ = true;
      const bool fits = rest_ >> 60 == 0;
      rest_ = rest_ * 16 + static_cast<unsigned>(digit);
      return next(fits, Body::chunk_size);
    }
    if (c == ';') return next(size_told_, Body::extension_start);
    return next(size_told_ && c == '\r', Body::chunk_size_lf);
  // As llhttp has it: a name may be empty where something follows, no blanks.
  case Body::extension_start:
    if (c == '\r') return next(false, body_);
    body_ = Body::extension_name;
    [[fallthrough]];
  case Body::extension_name: return c == '=' ? next(true, Body::extension_value) : extension(token_character(c));
  case Body::extension_value: return c == '"' ? next(true, Body::extension_quoted) : extension(token_character(c));
  case Body::extension_quoted:
    if (c == '"') return next(true, Body::extension_quoted_end);
    return next(text_character(c), c == '\\' ? Body::extension_escape : Body::extension_quoted);
  case Body::extension_escape: return next(text_character(c), Body::extension_quoted);
  case Body::extension_quoted_end: return extension(false);
  case Body::chunk_size_lf: size_told_ = false; return next(c == '\n', rest_ ? Body::chunk_data : Body::trailer);
  case Body::chunk_data_cr: return next(c == '\r', Body::chunk_data_lf);
  case Body::chunk_data_lf:
    overhead_ -= std::min<std::size_t>(overhead_, 6); // an honest chunk's own framing does not count
    return next(c == '\n', Body::chunk_size);
  case Body::trailer: return feed_trailer(c);
  case Body::none: break;
  }
  refuse(400);
  return 1;
}

std::size_t RequestParser::feed_trailer(char c) {
  if (++overhead_ > kChunkOverhead) {
    refuse(431);
  } else if (c != '\n') {
    if (head_.ends_with('\r')) return refuse(400), 1;
    head_ += c;
  } else if (head_ == "\r") {
    head_.clear();
    state_ = State::complete;
  } else if (head_.ends_with('\r') && proper_trailer(std::string_view(head_).substr(0, head_.size() - 1))) {
    head_.clear();
  } else {
    refuse(400);
  }
  return 1;
}

} // namespace http
