#include "commerce/states.hpp"
#include "base/error.hpp"
#include <utility>

namespace commerce {

std::string refusal_of(const Act& act, std::string_view state, std::string_view id) {
  std::string sentence(act.refusal);
  for (const auto& [mark, text] : {std::pair<std::string_view, std::string_view>{"{status}", state}, {"{id}", id}})
    if (const auto at = sentence.find(mark); at != std::string::npos) sentence.replace(at, mark.size(), text);
  return sentence;
}

void check(const Act& act, std::string_view state, std::string_view id) {
  if (!act.may_be_done(state)) throw base::Error::not_allowed(refusal_of(act, state, id));
}

} // namespace commerce
