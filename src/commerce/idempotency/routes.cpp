#include "commerce/idempotency/routes.hpp"
#include "base/strings.hpp"
#include "http/entity_tag.hpp"

namespace commerce::idempotency {
namespace {

std::string_view key_of(const http::Context& context) { return context.request.header("idempotency-key"); }

} // namespace

Key claim(http::Context& context) {
  const auto& request = context.request;
  Asked asked{.key = key_of(context), .method = http::method_name(request.method), .path = request.path};
  if (!asked.key.empty()) {
    for (const auto& [param, value] : request.params) asked.params.set(param, value);
    asked.body = http::entity_tag(request.body.dump());
  }
  Key key = claim(context.call, asked);
  auto& headers = context.response.headers;
  std::erase_if(headers, [](const http::Header& h) {
    return base::equal_ignoring_case(h.name, "Idempotency-Key") ||
           base::equal_ignoring_case(h.name, "Access-Control-Expose-Headers");
  });
  headers.push_back({"Access-Control-Expose-Headers", "Idempotency-Key"});
  headers.push_back({"Idempotency-Key", key.name});
  return key;
}

void answer(http::Context& context, Reply reply) { context.json(std::move(reply.body), reply.status); }

void run(http::Context& context, const std::function<Reply()>& work) {
  run_with_key(context, [&](const Key&) { return work(); });
}

void run_with_key(http::Context& context, const std::function<Reply(const Key&)>& work) {
  if (key_of(context).empty()) {
    answer(context, work(claim(context)));
    return;
  }
  answer(context, context.call.atomic([&] {
    const Key key = claim(context);
    if (key.reply) return *key.reply;
    Reply reply = work(key);
    finish(context.call, key, reply);
    return reply;
  }));
}

void run_if_keyed(http::Context& context, const std::function<Reply()>& work) {
  if (key_of(context).empty())
    answer(context, work());
  else
    run(context, work);
}

} // namespace commerce::idempotency
