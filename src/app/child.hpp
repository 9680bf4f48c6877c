// The project's own Medusa beside this server, where the project has something that only JavaScript can do: how the child is
// started, and what it shares with the native side. Used by serve() and by commands, on the main thread.
#pragma once
#include "app/database.hpp"
#include "config/config.hpp"
#include "http/dispatcher.hpp"
#include "plugins/child.hpp"
#include <memory>
#include <string>
#include <vector>

namespace app {

// How many of the connections that the configuration allows are the child's; 0 where it says nothing, or there is no child.
int connections_of_child(const config::Config& config);

// Null for a project that needs none.
std::unique_ptr<plugins::Child> make_child(const config::Config& config, const Backing& backing);
// What the child told at the last start of the project as it is; null where nobody knows.
std::shared_ptr<const plugins::Report> last_report(const config::Config& config);
// The same where nobody knows: starts the child, waits until it has told, and ends it. Null where it can't be loaded; the log says why.
std::shared_ptr<const plugins::Report> learned_report(const config::Config& config);
// Whether batch jobs are worked on here; not known before the child is ready.
bool works_on_batch_jobs(const plugins::Child* child);
// Sessions live in this process where there is no Redis: the child asks for them.
void share_sessions(plugins::Child& child, http::SessionStore& sessions);
// Lets this server read the columns that the project has added to core entities, as far as it knows them from the last start and
// can read them as its own; returns whose. Behind the core's descriptions.
plugins::Shown extend_entities(const config::Config& config);
// Whose those are, of a report.
plugins::Shown shown_here(const plugins::Report& report);
// Lets the child answer what is its part; `shown` are the extended entities that this server shows too.
void answer_beside(http::Site& site, const plugins::Child& child, plugins::Shown shown);
// Lets the native side use the providers that the child has.
void use_providers_of(const plugins::Child& child);

// What the migrations of plugins and project came to: {done}, {pending, applied}, lists of names; waits for it on this thread.
// `action` is run, show or revert. Throws base::Error where the child could not do it; the log says why.
base::Json migrate_plugins(const config::Config& config, const Backing& backing, const std::string& action);

} // namespace app
