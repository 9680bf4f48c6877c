// What happened, and the outbox it is written to: rows of staged_job, in the transaction of what happened.
// Owns nothing. Called by ports (Call::emit and the commit), on any thread; outbox_reader.hpp takes the rows out again.
#pragma once
#include "base/json.hpp"
#include "db/db.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace events {

struct Event {
  std::string name; // for example "order.placed"
  base::Json data;
  base::Json options = base::Json::object();
};

// One INSERT into staged_job for all of them, in an order that the reader keeps. Medusa 1.20: StagedJobService.create.
db::Command stage(const std::vector<Event>& events);

// Whether 1.20's services know an event of that name. Plugins may emit others.
bool known(std::string_view name);

} // namespace events
