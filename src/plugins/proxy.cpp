#include "plugins/proxy.hpp"
#include "base/error.hpp"
#include "base/fiber.hpp"
#include "base/strings.hpp"
#include "http/errors.hpp"
#include "plugins/local_link_impl.hpp"
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace plugins {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using Failure = boost::system::error_code;

namespace {

constexpr std::size_t kPart = 64 * 1024;        // bytes that are carried at once
constexpr std::uint32_t kMostHead = 256 * 1024; // of the child's answers

// Headers that concern one connection only, and those that the two sides tell each other.
bool of_one_hop(std::string_view name) {
  for (const std::string_view hop :
       {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "te", "upgrade", "expect"})
    if (base::equal_ignoring_case(name, hop)) return true;
  return base::equal_ignoring_case(name.substr(0, 9), "x-stheno-");
}

// The parser reads values as Latin-1, as Node does; what goes on is what came.
std::string as_latin1(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0xc0 && at + 1 < text.size())
      out += static_cast<char>((byte & 0x03) << 6 | (static_cast<unsigned char>(text[++at]) & 0x3f));
    else
      out += text[at];
  }
  return out;
}

std::string head_of(const http::Request& request, bool has_body) {
  // What was routed is what goes on, also where the target named a host.
  std::string head = request.method_text + " " + request.path;
  if (!request.raw_query.empty()) head += "?" + request.raw_query;
  head += " HTTP/1.1\r\n";
  bool length_told = false;
  for (const http::Header& header : request.headers) {
    if (of_one_hop(header.name)) continue;
    length_told = length_told || base::equal_ignoring_case(header.name, "content-length");
    head += header.name + ": " + as_latin1(header.value) + "\r\n";
  }
  head += "x-stheno-peer: " + request.remote_address + "\r\n";
  if (has_body && !length_told) head += "Transfer-Encoding: chunked\r\n";
  return head + "\r\n";
}

void answer_not_there(http::Response& response) {
  response.set_header("Retry-After", "1");
  http::answer_error(
      base::Error(base::ErrorType::unavailable, "The shop's plugins are starting; try again in a moment"), response);
}

} // namespace

Proxy::Proxy(asio::io_context& loop, const Child& child, std::chrono::milliseconds first_word)
    : loop_(loop), child_(child), first_word_(first_word) {}

Proxy::~Proxy() {
  for (const auto& link : idle_) link->close();
}

std::shared_ptr<LocalLink> Proxy::link() {
  while (!idle_.empty()) {
    auto link = std::move(idle_.back());
    idle_.pop_back();
    if (!link->stale()) return link;
    link->close();
  }
  auto link = std::make_shared<LocalLink>(loop_);
  return link->connect(child_.http_socket()) ? link : nullptr;
}

void Proxy::pass(http::Request& request, http::Response& response, http::Exchange& exchange) {
  if (child_.state() != Child::State::ready) return answer_not_there(response);
  const auto link = this->link();
  if (!link) return answer_not_there(response);
  // Whatever ends this ends the connection, unless it can be used again.
  struct Closing {
    LocalLink* link;
    ~Closing() {
      if (!link) return;
      link->rest();
      link->close();
    }
  } closing{link.get()};

  // 1. The request. Where the child does not take all of it, it may have answered already.
  const bool has_body = exchange.has_body();
  std::string part = exchange.next_part();
  bool whole = link->write(head_of(request, has_body));
  const bool chunked = has_body && request.header("content-length").empty();
  while (whole && !part.empty()) {
    if (chunked) {
      char size[20];
      part.insert(
          0, std::string(size, static_cast<std::size_t>(std::snprintf(size, sizeof size, "%zx\r\n", part.size()))));
      part += "\r\n";
    }
    whole = link->write(part);
    part = exchange.next_part();
  }
  if (whole && chunked) whole = link->write("0\r\n\r\n");

  // 2. The head of its answer.
  link->end_at(std::chrono::steady_clock::now() + first_word_);
  exchange.watch([link] { link->close(); });
  beast_http::response_parser<beast_http::buffer_body> parser;
  parser.header_limit(kMostHead);
  parser.body_limit(boost::none);
  parser.skip(request.method == http::Method::head);
  std::string in, buffer(kPart, '\0');
  Failure failure;
  const auto read = [&] {
    const std::size_t n = link->read_some(buffer.data(), buffer.size());
    in.append(buffer, 0, n);
    return n > 0;
  };
  const auto feed = [&] {
    const std::size_t taken = parser.put(asio::buffer(in), failure);
    in.erase(0, taken);
    return taken;
  };
  while (!parser.is_header_done()) {
    if (!read()) {
      if (child_.state() != Child::State::ready) return answer_not_there(response);
      throw base::Error(base::ErrorType::unavailable,
                        "The plugins' process has ended the connection without an answer");
    }
    feed();
    if (failure && failure != beast_http::error::need_more)
      throw base::Error(base::ErrorType::unexpected_state, "The plugins' process answers what is no HTTP");
  }
  link->rest();
  http::PassedHead head;
  const auto& told = parser.get();
  head.status = static_cast<int>(told.result_int());
  head.reason = std::string(told.reason());
  head.length_told = parser.content_length().has_value();
  for (const auto& field : told)
    if (!of_one_hop(field.name_string()))
      head.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  response.status = head.status;
  response.framing = head.length_told ? http::Response::Framing::none : http::Response::Framing::chunked;
  const bool reusable = whole && parser.keep_alive();
  exchange.begin(head);

  // 3. Its body.
  std::string out(kPart, '\0');
  auto& body = parser.get().body();
  while (!parser.is_done()) {
    body.data = out.data();
    body.size = out.size();
    body.more = true;
    const std::size_t taken = feed();
    if (failure == beast_http::error::need_buffer) failure = {};
    exchange.send({out.data(), out.size() - body.size});
    if (failure && failure != beast_http::error::need_more)
      throw base::Error(base::ErrorType::unexpected_state, "The plugins' process answers what is no HTTP");
    if (parser.is_done() || (taken > 0 && !in.empty())) continue;
    if (read()) continue;
    // The end of the connection ends a body whose length nobody told; any other is cut.
    parser.put_eof(failure);
    if (failure) return;
  }
  exchange.end();
  exchange.stop_watching();
  if (!reusable || !link->is_open()) return;
  closing.link = nullptr;
  idle_.push_back(link);
}

} // namespace plugins
