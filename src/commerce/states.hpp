// The states that something of the shop can be in, and what may be done to it in each: tables of constants, one an entity, beside
// its service (order/states.hpp). Rules of bodies and filters take their values from them, and each operation asks them
// before it does anything. Owns nothing; pure, any thread. Called by services and routes.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace commerce {

// What may be done, and what comes of it.
struct Act {
  std::string_view name;
  std::array<std::string_view, 3> only{};  // the states in which it may be done; none: all but `never`
  std::array<std::string_view, 3> never{}; // those in which it may not
  std::string_view refusal{};              // how 1.20 says so; {status} stands for the state, {id} for whose it is
  std::string_view becomes{};              // the state that follows; empty: it stays as it is

  constexpr bool may_be_done(std::string_view state) const {
    const auto among = [&](const auto& states) {
      return std::find(states.begin(), states.end(), state) != states.end();
    };
    return only.front().empty() ? !among(never) : among(only);
  }
};

// The words of the act for that state.
std::string refusal_of(const Act& act, std::string_view state, std::string_view id = {});
// Throws not_allowed with them where it may not be done in that state.
void check(const Act& act, std::string_view state, std::string_view id = {});

// The values that rules and filters take.
template<std::size_t count> std::vector<std::string_view> values_of(const std::array<std::string_view, count>& states) {
  return {states.begin(), states.end()};
}

} // namespace commerce
