// Lets libFuzzer feed the target that STHENO_FUZZ names. `./dev fuzz` calls it, a target after the other.
#include "targets.hpp"
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace {

const fuzz::Target& chosen() {
  static const fuzz::Target& target = [&]() -> const fuzz::Target& {
    const char* name = std::getenv("STHENO_FUZZ");
    const auto found = std::ranges::find_if(fuzz::targets(), [&](const auto& one) { return name && one.name == name; });
    if (found != fuzz::targets().end()) return *found;
    std::fprintf(stderr, "STHENO_FUZZ names none of the targets:");
    for (const auto& one : fuzz::targets()) std::fprintf(stderr, " %s", std::string(one.name).c_str());
    std::fprintf(stderr, "\n");
    std::exit(2);
  }();
  return target;
}

} // namespace

// `fuzz --targets` prints their names; `fuzz --seeds FOLDER` writes the chosen one's seeds.
extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  const std::string_view first = *count > 1 ? (*arguments)[1] : "";
  if (first == "--targets") {
    for (const auto& one : fuzz::targets()) std::puts(std::string(one.name).c_str());
    std::exit(0);
  }
  if (first == "--seeds" && *count > 2) {
    for (std::size_t n = 0; n < chosen().seeds.size(); ++n)
      std::ofstream(std::string((*arguments)[2]) + "/seed-" + std::to_string(n), std::ios::binary) << chosen().seeds[n];
    std::exit(0);
  }
  chosen();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen().run({reinterpret_cast<const char*>(data), size});
  return 0;
}
