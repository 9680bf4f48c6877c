// The rows of a seed file in the format of medusa-starter-default's data/seed.json. Called by the seed command on a fiber.
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"

namespace app {

// Writes store, users, regions, shipping options, categories, collections, products and publishable keys in one
// transaction. Medusa 1.20: commands/seed. Throws base::Error for what the file gets wrong; nothing is written then.
void seed(ports::Call& call, const base::Json& content);

} // namespace app
