#include "http/making_impl.hpp"
#include <boost/asio/post.hpp>

namespace http {

std::optional<Making::Turn> Making::begin(const std::string& key) {
  const auto [line, first] = waiting_.try_emplace(key);
  if (first) return std::optional<Turn>(std::in_place, *this, key);
  line->second.push_back(base::current_fiber());
  base::suspend_fiber();
  return std::nullopt;
}

void Making::end(const std::string& key) {
  const auto line = waiting_.extract(key);
  for (base::Fiber* const fiber : line.mapped()) boost::asio::post(loop_, [fiber] { base::resume_fiber(fiber); });
}

} // namespace http
