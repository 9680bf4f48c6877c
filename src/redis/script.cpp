#include "redis/script.hpp"
#include "base/error.hpp"
#include <openssl/evp.h>

namespace redis {
namespace {

std::string sha1(const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha1(), nullptr) != 1)
    throw std::runtime_error("SHA-1, by which Redis names scripts, is not available");
  std::string hex;
  for (unsigned int i = 0; i < length; ++i)
    for (const int digit : {digest[i] >> 4, digest[i] & 15}) hex += "0123456789abcdef"[digit];
  return hex;
}

Command command(const ScriptCall& call, const char* verb, const std::string& script) {
  Command words{verb, script, std::to_string(call.keys.size())};
  words.insert(words.end(), call.keys.begin(), call.keys.end());
  words.insert(words.end(), call.arguments.begin(), call.arguments.end());
  return words;
}

bool is_unseen(const Reply& reply) { return reply.kind == Reply::Kind::error && reply.text.starts_with("NOSCRIPT"); }

} // namespace

Script::Script(std::string text) : text_(std::move(text)), digest_(sha1(text_)) {}

std::vector<Reply> run_scripts(Client& client, const std::vector<ScriptCall>& calls) {
  std::vector<Command> commands;
  for (const auto& call : calls) commands.push_back(command(call, "EVALSHA", call.script.digest()));
  auto replies = client.run_all(commands);
  std::vector<std::size_t> unseen;
  std::vector<Command> texts;
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (is_unseen(replies[i])) {
      unseen.push_back(i);
      texts.push_back(command(calls[i], "EVAL", calls[i].script.text()));
    }
  auto again = client.run_all(texts);
  for (std::size_t i = 0; i < unseen.size(); ++i) replies[unseen[i]] = std::move(again[i]);
  for (const auto& reply : replies)
    if (reply.kind == Reply::Kind::error) throw base::Error(base::ErrorType::unexpected_state, "Redis: " + reply.text);
  return replies;
}

Reply run_script(Client& client, const ScriptCall& call) { return std::move(run_scripts(client, {call}).front()); }

} // namespace redis
