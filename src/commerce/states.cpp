#include "commerce/states.hpp"
#include "base/error.hpp"

namespace commerce {

void check(const Act& act, std::string_view state) {
  if (act.may_be_done(state)) return;
  std::string sentence(act.refusal);
  constexpr std::string_view mark = "{status}";
  if (const auto at = sentence.find(mark); at != std::string::npos) sentence.replace(at, mark.size(), state);
  throw base::Error::not_allowed(sentence);
}

} // namespace commerce
