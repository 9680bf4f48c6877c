// Lua that Redis runs in one piece. Owns: a text and its digest. Made once by whoever wrote the text; then
// any thread.
#pragma once
#include "redis/redis.hpp"

namespace redis {

class Script {
 public:
  explicit Script(std::string text);
  const std::string& text() const { return text_; }
  const std::string& digest() const { return digest_; } // by which Redis knows it once it has run

 private:
  std::string text_, digest_;
};

struct ScriptCall {
  const Script& script;
  std::vector<std::string> keys, arguments;
};

// Runs them one after the other in one round trip (in a second one those that Redis has not seen yet). Throws
// as Client::run does, also when one of several fails.
std::vector<Reply> run_scripts(Client& client, const std::vector<ScriptCall>& calls);
Reply run_script(Client& client, const ScriptCall& call);

} // namespace redis
