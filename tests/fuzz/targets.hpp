// The parsers of what comes from outside, each with what must hold whatever the input is: that nothing but its own refusal is
// thrown, that pieces of any size come to the same as the whole, that what was written reads back. Called by fuzz_test.cpp
// (a few thousand inputs, the same in every run) and libfuzzer.cpp (as long as one likes, guided by coverage).
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

struct Target {
  std::string_view name;
  std::vector<std::string> seeds;      // inputs from which others are made
  void (*run)(std::string_view input); // throws where a rule is broken
};
std::span<const Target> targets();

} // namespace fuzz
