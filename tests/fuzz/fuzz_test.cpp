// Every target of targets.cpp with its seeds, with what has broken it before (found/), and with a few thousand inputs made from
// both, the same in every run. What longer runs find (`./dev fuzz`) goes into found/TARGET/.
#include "targets.hpp"
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace {

std::vector<std::string> found(std::string_view target) {
  std::vector<std::string> inputs;
  const auto folder = std::filesystem::path(STHENO_SOURCE_DIR) / "tests/fuzz/found" / target;
  if (!std::filesystem::exists(folder)) return inputs;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    inputs.push_back(text.str());
  }
  return inputs;
}

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& seeds) : seeds_(seeds) {}
  std::string next() {
    std::string text = seeds_[below(seeds_.size())];
    for (std::size_t times = 1 + below(6); times > 0; --times) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t end) { return end ? random_() % end : 0; }
  void change(std::string& text) {
    static constexpr std::string_view words[]{"\r\n", "\n",         {"\0", 1}, "%",        "=", "&", "[",
                                              "]",    "\"",         "\\",      ";",        ":", ",", "-",
                                              "0",    "9999999999", "\xff",    "\xc3\xa4", " ", "/", "--x"};
    const std::size_t at = below(text.size() + 1), length = below(8);
    switch (below(6)) {
    case 0: text.insert(at, words[below(std::size(words))]); break;
    case 1: text.erase(at, length); break;
    case 2: text.insert(at, text.substr(below(text.size() + 1), length)); break;
    case 3:
      if (at < text.size()) text[at] = static_cast<char>(below(256));
      break;
    case 4: text.resize(at); break;
    default: text += seeds_[below(seeds_.size())]; break;
    }
  }
  const std::vector<std::string>& seeds_;
  std::mt19937 random_{20'240'501};
};

std::string printable(std::string_view input) {
  std::ostringstream text;
  for (const unsigned char c : input) {
    if (c >= ' ' && c < 127 && c != '\\')
      text << c;
    else
      text << "\\x" << std::hex << static_cast<int>(c) << std::dec;
  }
  return text.str();
}

} // namespace

TEST_CASE("parsers keep their rules whatever comes") {
  constexpr int kInputs = 4000;
  for (const auto& target : fuzz::targets()) {
    CAPTURE(target.name);
    std::vector<std::string> inputs = target.seeds;
    for (auto& input : found(target.name)) inputs.push_back(std::move(input));
    Mutator mutator(target.seeds);
    for (int n = 0; n < kInputs; ++n) inputs.push_back(mutator.next());
    for (const auto& input : inputs) {
      try {
        target.run(input);
      } catch (const std::exception& broken) {
        FAIL_CHECK(std::string(broken.what()) << ": " << printable(input));
        break;
      }
    }
  }
}
