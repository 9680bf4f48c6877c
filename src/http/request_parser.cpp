#include "http/request_parser.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "http/multipart.hpp"
#include <array>
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

// Node keeps the first line of these and drops later ones; of all others it joins the values.
bool kept_once(std::string_view name) {
  constexpr std::array<std::string_view, 20> kOnce{
      "age",           "authorization", "content-length", "content-type",        "etag",
      "expires",       "from",          "host",           "if-modified-since",   "if-unmodified-since",
      "last-modified", "location",      "max-forwards",   "proxy-authorization", "referer",
      "retry-after",   "server",        "user-agent",     "set-cookie",          "upgrade"};
  for (const auto once : kOnce)
    if (base::equal_ignoring_case(once, name)) return true;
  return false;
}

// Every CR is followed by LF and every LF follows a CR.
bool lines_end_properly(std::string_view text) {
  for (std::size_t at = 0; (at = text.find_first_of("\r\n", at)) != std::string_view::npos; at += 2)
    if (text[at] != '\r' || at + 1 == text.size() || text[at + 1] != '\n') return false;
  return true;
}

// Node reads header values as Latin-1.
void latin1_to_utf8(std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0 | byte >> 6);
      out += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  text = std::move(out);
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
    self.transfer_encoding = parser->flags & F_TRANSFER_ENCODING;
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
  size_digits_ = refusal_ = 0;
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
  // RFC 9112 2.2: an empty line before the request line is overlooked; two are, since browsers of old sent them.
  constexpr std::size_t kMostSkipped = 4;
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
    if (head_.size() > limits_.head) {
      refuse(431);
    } else {
      // A head whose lines end in another way would be waited for until the time is over.
      std::string_view fresh(head_);
      fresh.remove_prefix(before > 0 && head_[before - 1] == '\r' ? before - 1 : before);
      if (fresh.ends_with('\r')) fresh.remove_suffix(1);
      if (!lines_end_properly(fresh)) refuse(400);
    }
    return skipped + bytes.size();
  }
  const std::string head = head_.substr(0, end + 4);
  head_.clear();
  parse_head(head);
  return skipped + head.size() - before;
}

void RequestParser::parse_head(std::string_view head) {
  if (head.size() > limits_.head) return refuse(431);
  if (!lines_end_properly(head)) return refuse(400);
  HeadCallbacks callbacks{*this};
  llhttp_t parser;
  llhttp_init(&parser, HTTP_REQUEST, &HeadCallbacks::settings());
  parser.data = &callbacks;
  request_.headers.reserve(16);
  const auto error = llhttp_execute(&parser, head.data(), head.size());
  if (error != HPE_PAUSED || !callbacks.complete || callbacks.connect) return refuse(400);
  if (request_.headers.size() > limits_.header_fields) return refuse(431);
  if (!base::valid_utf8(request_.target)) return refuse(400);
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
    if (const auto expect = request_.header("expect"); !expect.empty()) {
      if (!base::equal_ignoring_case(expect, "100-continue")) return refuse(417);
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
  if (!chunked && length == 0) {
    state_ = State::complete;
    expects_continue_ = false;
    return;
  }
  state_ = State::body;
  body_ = chunked ? Body::chunk_size : Body::length;
  rest_ = chunked ? 0 : length;
  if (limits_.takes_files && multipart_boundary(request_.header("content-type")) && limits_.takes_files(request_))
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
    if (!good || ++overhead_ > kChunkOverhead)
      refuse(400);
    else
      body_ = after;
    return std::size_t{1};
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
      rest_ = rest_ * 16 + static_cast<unsigned>(digit);
      return next(++size_digits_ <= 8, Body::chunk_size);
    }
    if (size_digits_ == 0) return next(false, body_);
    if (c == '\r') return next(true, Body::chunk_size_lf);
    return next(c == ';' || c == ' ' || c == '\t', Body::chunk_extension);
  case Body::chunk_extension: return next(c != '\n', c == '\r' ? Body::chunk_size_lf : Body::chunk_extension);
  case Body::chunk_size_lf: size_digits_ = 0; return next(c == '\n', rest_ ? Body::chunk_data : Body::trailer_start);
  case Body::chunk_data_cr: return next(c == '\r', Body::chunk_data_lf);
  case Body::chunk_data_lf:
    overhead_ -= std::min<std::size_t>(overhead_, 6); // an honest chunk's own framing does not count
    return next(c == '\n', Body::chunk_size);
  case Body::trailer_start: return next(c != '\n', c == '\r' ? Body::last_lf : Body::trailer);
  case Body::trailer: return next(c != '\n', c == '\r' ? Body::trailer_lf : Body::trailer);
  case Body::trailer_lf: return next(c == '\n', Body::trailer_start);
  case Body::last_lf:
    next(c == '\n', body_);
    if (state_ == State::body) state_ = State::complete;
    return 1;
  case Body::none: break;
  }
  refuse(400);
  return 1;
}

} // namespace http
