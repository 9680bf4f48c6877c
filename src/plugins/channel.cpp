#include "plugins/channel.hpp"
#include "base/fiber.hpp"
#include "base/json_text.hpp"
#include "plugins/frames.hpp"
#include "plugins/local_link_impl.hpp"
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

namespace plugins {

namespace asio = boost::asio;
using base::ErrorType;
using base::Json;
using ports::Ask;
using ports::ProviderError;

namespace {

std::string frame_of_ask(const Ask& ask) {
  return frame_of(Json(base::JsonObject{{"port", ask.port},
                                        {"provider", ask.provider},
                                        {"method", ask.method},
                                        {"key", ask.key},
                                        {"arguments", ask.arguments}})
                      .dump());
}

// The types that a provider may refuse with; whatever else it says is an unexpected state.
ErrorType type_of(std::string_view name) {
  for (const auto type :
       {ErrorType::invalid_data, ErrorType::invalid_argument, ErrorType::not_found, ErrorType::not_allowed,
        ErrorType::conflict, ErrorType::duplicate_error, ErrorType::payment_authorization_error})
    if (name == base::error_type_name(type)) return type;
  return ErrorType::unexpected_state;
}

Json answer_of(const std::string& text) {
  Json reply;
  try {
    reply = base::parse_json(text);
  } catch (const base::JsonParseError&) {
    throw ProviderError(ErrorType::unexpected_state, "The provider's answer is no JSON",
                        ProviderError::Outcome::unknown);
  }
  const Json& error = reply["error"];
  if (error.is_nullish()) return reply["answer"];
  throw ProviderError(type_of(base::text_of(error["type"])), base::text_of(error["message"], "The provider refuses"));
}

} // namespace

Channel::Channel(asio::io_context& loop, ChannelOptions options) : loop_(loop), options_(std::move(options)) {}

Channel::~Channel() {
  for (const auto& link : idle_) link->close();
}

Json Channel::ask(const Ask& ask) {
  const std::string silent = "The provider " + ask.provider + " does not answer";
  const std::string frame = frame_of_ask(ask);
  const auto end = std::chrono::steady_clock::now() + options_.limit;
  // 1. An idle connection may have been closed meanwhile: a frame that it did not take is sent on a new one.
  std::shared_ptr<LocalLink> link;
  bool sent = false;
  if (!idle_.empty()) {
    link = std::move(idle_.back());
    idle_.pop_back();
    link->end_at(end);
    sent = link->write(frame);
  }
  if (!sent) {
    if (link) link->rest();
    link = std::make_shared<LocalLink>(loop_);
    link->end_at(end);
    if (!link->connect(options_.path)) {
      link->rest();
      throw ProviderError(ErrorType::unavailable, "The provider " + ask.provider + " can't be reached");
    }
    sent = link->write(frame);
  }
  // 2. The answer.
  const auto lost = [&] {
    link->rest();
    link->close();
    throw ProviderError(ErrorType::unavailable, silent, ProviderError::Outcome::unknown);
  };
  std::array<unsigned char, kFrameHead> head{};
  if (!sent || !link->read(reinterpret_cast<char*>(head.data()), head.size())) lost();
  const std::size_t length = frame_length(head);
  if (length > options_.most_bytes) lost();
  std::string text(length, '\0');
  if (!link->read(text.data(), text.size())) lost();
  link->rest();
  idle_.push_back(std::move(link));
  return answer_of(text);
}

std::vector<Offer> offers(const ChannelOptions& options) {
  asio::io_context loop(1);
  std::vector<Offer> offers;
  std::exception_ptr failure;
  {
    Channel channel(loop, options);
    asio::post(loop, [&] {
      base::spawn_fiber([&] {
        try {
          const Json answer = channel.ask(
              {.port = "", .provider = "host", .method = "providers", .key = "", .arguments = Json::object()});
          offers = offers_in(answer);
        } catch (...) {
          failure = std::current_exception();
        }
        loop.stop();
      });
    });
    loop.run();
  }
  if (failure) std::rethrow_exception(failure);
  return offers;
}

} // namespace plugins
