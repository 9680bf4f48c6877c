#include "events/subscribers.hpp"
#include "base/ids.hpp"
#include <stdexcept>

namespace events {

void Subscribers::add(std::string event, Subscriber subscriber, std::string id) {
  if (id.empty()) id = event + "-" + base::ulid();
  auto& list = by_event_[event];
  for (const auto& other : list)
    if (other->id == id) throw std::invalid_argument("Subscriber with id " + id + " already exists");
  list.push_back(
      std::make_unique<const Subscription>(Subscription{std::move(event), std::move(id), std::move(subscriber)}));
  ++count_;
}

const std::vector<std::unique_ptr<const Subscription>>* Subscribers::named(std::string_view event) const {
  const auto found = by_event_.find(std::string(event));
  return found == by_event_.end() ? nullptr : &found->second;
}

std::vector<const Subscription*> Subscribers::of(std::string_view event) const {
  std::vector<const Subscription*> all;
  if (empty()) return all;
  const auto append = [&](std::string_view name) {
    if (const auto* list = named(name))
      for (const auto& subscription : *list) all.push_back(subscription.get());
  };
  append(event);
  if (event != every_event) append(every_event);
  return all;
}

Interest Subscribers::interest() const {
  Interest interest{.everything = named(every_event) != nullptr, .names = {}};
  if (!interest.everything)
    for (const auto& [event, list] : by_event_) interest.names.push_back(event);
  return interest;
}

} // namespace events
