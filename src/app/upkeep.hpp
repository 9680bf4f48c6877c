// What the additions to a shop's database need from time to time: old rows of the logs are forgotten,
// indexes of large tables made. Done by the runner of
// jobs, aside of requests and on its connections; the jobs have names that no batch job has.
// Owns nothing. Called by open_jobs() on the runner's fiber.
#pragma once
#include "config/config.hpp"
#include "db/db.hpp"
#include "db/pooler.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace app {

// The jobs that are due.
std::vector<std::string> due_upkeep(db::Database& database, const config::Config& config, db::Pooling pooling);
bool is_upkeep(std::string_view job);
void do_upkeep(db::Database& database, std::string_view job);

} // namespace app
