// The installed providers of one kind, each with an id of its own. Owns them. Filled at start by app and read-only
// afterwards (any thread).
#pragma once
#include "base/error.hpp"
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ports {

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
  // Null where there is none.
  const Provider* find(std::string_view id) const {
    for (const auto& provider : providers_)
      if (provider->id() == id) return provider.get();
    return nullptr;
  }
  // Throws not_found where there is none.
  const Provider& get(std::string_view id) const {
    if (const auto* found = find(id)) return *found;
    throw base::Error::not_found("Could not find a " + kind_ + " provider with id: " + std::string(id) + end_);
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const auto& provider : providers_) ids.emplace_back(provider->id());
    return ids;
  }

 private:
  std::string kind_, end_;
  std::vector<std::unique_ptr<Provider>> providers_;
};

} // namespace ports
