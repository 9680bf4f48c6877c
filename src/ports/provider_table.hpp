// The installed providers of one kind, each with an id of its own. Owns them. Filled at start by app and read-only
// afterwards (any thread), but for those that come from elsewhere, which it makes when they are first asked for.
#pragma once
#include "base/error.hpp"
#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ports {

// Providers that are not known at the start, since a process beside this one has them.
template<class Provider> struct Elsewhere {
  std::function<std::unique_ptr<Provider>(std::string_view id)> make; // null where there is none of that id
  std::function<std::vector<std::string>()> ids;
};

template<class Provider> class ProviderTable {
 public:
  // `kind` names it in the sentence for an id without a provider: "payment".
  explicit ProviderTable(std::string_view kind, std::string_view full_stop = "") : kind_(kind), end_(full_stop) {}

  // Takes the place of a provider with the same id.
  void add(std::unique_ptr<Provider> provider) {
    for (auto& known : providers_)
      if (known->id() == provider->id()) {
        known = std::move(provider);
        return;
      }
    providers_.push_back(std::move(provider));
  }
  // At start.
  void add(Elsewhere<Provider> elsewhere) { elsewhere_ = std::move(elsewhere); }

  // Null where there is none.
  const Provider* find(std::string_view id) const {
    for (const auto& provider : providers_)
      if (provider->id() == id) return provider.get();
    return elsewhere_.make ? find_elsewhere(id) : nullptr;
  }
  // Throws not_found where there is none.
  const Provider& get(std::string_view id) const {
    if (const auto* found = find(id)) return *found;
    throw base::Error::not_found("Could not find a " + kind_ + " provider with id: " + std::string(id) + end_);
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const auto& provider : providers_) ids.emplace_back(provider->id());
    if (elsewhere_.ids)
      for (auto& id : elsewhere_.ids())
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
    return ids;
  }

 private:
  const Provider* find_elsewhere(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    for (const auto& provider : made_)
      if (provider->id() == id) return provider.get();
    auto provider = elsewhere_.make(id);
    return provider ? made_.emplace_back(std::move(provider)).get() : nullptr;
  }

  Elsewhere<Provider> elsewhere_;
  mutable std::mutex mutex_; // of those that were made
  mutable std::vector<std::unique_ptr<Provider>> made_;
  std::string kind_, end_;
  std::vector<std::unique_ptr<Provider>> providers_;
};

} // namespace ports
