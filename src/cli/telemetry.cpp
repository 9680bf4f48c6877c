#include "cli/command.hpp"
#include <cstdio>

namespace cli {
namespace {

// Scripts of shops that call it must not fail.
int telemetry(const Arguments&) {
  std::puts("Telemetry collection disabled: this server collects nothing, whatever is set.");
  return 0;
}
} // namespace

const Command telemetry_command{"telemetry",
                                {},
                                "Does nothing: no data about the use of the server is collected.",
                                {
                                    {"enable", 0, {}, "accepted"},
                                    {"disable", 0, {}, "accepted"},
                                },
                                telemetry};

} // namespace cli
