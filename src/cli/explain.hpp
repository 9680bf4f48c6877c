// `stheno routes --explain "GET /store/products?expand=variants"`: prints what the request would read. Owns nothing. Called by the
// command routes on the main thread.
#pragma once
#include "cli/command.hpp"

namespace cli {

int explain(const Arguments& arguments);

// A statement with a long list of columns cut short: "SELECT t.id, t.title, (21 more) FROM product t WHERE ...".
std::string shortened(const std::string& sql);

} // namespace cli
