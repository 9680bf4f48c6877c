#include "plugins/child_bus.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include <set>

namespace plugins {

using base::Json;

namespace {

// The rows are locked until then. A subscriber that takes longer goes on; its event is not told again unless the child ends.
constexpr std::chrono::seconds kPatience{20};

class ChildBus final : public events::EventBus {
 public:
  ChildBus(std::unique_ptr<events::EventBus> here, Child& child) : here_(std::move(here)), child_(child) {}

  // Who listens in the child is not known before it is ready.
  events::Interest interest() const override { return {.everything = true, .names = {}}; }

  void deliver(std::vector<events::Message> messages) override {
    std::vector<events::Message> fresh;
    for (const auto& message : messages)
      if (heard_here_.insert(message.id).second) fresh.push_back(message);
    if (!fresh.empty()) {
      try {
        here_->deliver(fresh);
      } catch (...) {
        for (const auto& message : fresh) heard_here_.erase(message.id);
        throw;
      }
    }
    if (child_.state() == Child::State::loading) throw events::NotThereYet();
    base::JsonArray told;
    for (const auto& message : messages)
      told.push_back(
          base::JsonObject{{"id", message.id}, {"name", message.name}, {"data", base::parse_json(message.data)}});
    const Json answer = child_.request("events", base::JsonObject{{"events", std::move(told)}}, kPatience);
    if (const Json& failed = answer["failed"]; failed.is_array())
      for (const Json& failure : failed.as_array())
        base::log_error("A subscriber failed", {{"subscriber", base::text_of(failure["subscriber"], "-")},
                                                {"error", base::text_of(failure["message"], "-")}});
  }

  void settled() override {
    here_->settled();
    heard_here_.clear();
  }
  void close() override { here_->close(); }

 private:
  std::unique_ptr<events::EventBus> here_;
  Child& child_;
  std::set<std::string> heard_here_; // of those that are offered again until the child has heard them
};

} // namespace

std::unique_ptr<events::EventBus> child_bus(std::unique_ptr<events::EventBus> here, Child& child) {
  return std::make_unique<ChildBus>(std::move(here), child);
}

} // namespace plugins
