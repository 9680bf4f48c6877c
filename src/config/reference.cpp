#include "config/reference.hpp"
#include "base/strings.hpp"
#include "config/driver_options.hpp"
#include "config/properties.hpp"
#include "config/supported.hpp"

namespace config {
namespace {

// A bar would end the cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}
std::string code(std::string_view text) { return text.empty() ? std::string() : "`" + cell(text) + "`"; }
std::string row(const std::vector<std::string>& cells) { return "| " + base::join(cells, " | ") + " |\n"; }
std::string head(const std::vector<std::string>& names) {
  return row(names) + row(std::vector<std::string>(names.size(), "---"));
}

// The keys below `prefix` ("featureFlags."), by the rest of their names; without one, those that stand alone.
bool lies_below(std::string_view prefix, std::string_view key) {
  return prefix.empty() ? key.find_first_of(".:") == key.npos : key.starts_with(prefix);
}

std::string table(std::string_view prefix) {
  std::string text = head({"Key", "Accepts", "Default", "Example", "Variable", "Since", "Meaning"});
  for (const Property& property : properties())
    if (lies_below(prefix, property.key))
      text += row({code(property.key.substr(prefix.size())), cell(accepted(property)), code(property.fallback),
                   code(property.example), code(property.environment), std::string(property.since),
                   cell(property.description)});
  return text + "\n";
}

std::string variables() {
  std::string text = head({"Variable", "Accepts", "Default", "Example", "Since", "Meaning"});
  for (const Property& property : properties())
    if (property.key.starts_with("env:"))
      text += row({code(property.environment), cell(accepted(property)), code(property.fallback),
                   code(property.example), std::string(property.since), cell(property.description)});
  return text + "\n";
}

std::string options(Driver driver) {
  std::string text = head({"Option", "Accepts", "Meaning"});
  for (const DriverOption& option : driver_options(driver)) {
    const std::string meaning = option.effect == Effect::none      ? "without effect"
                                : option.effect == Effect::refused ? "refused: " + std::string(option.description)
                                                                   : std::string(option.description);
    text += row({code(option.name), option.effect == Effect::used ? cell(accepted(option.kind)) : "", cell(meaning)});
  }
  return text + "\n";
}

std::string extensions() {
  std::string text = head({"Package", "Entry of", "Here"});
  for (const Package& package : packages())
    text += row({code(package.name),
                 package.module.empty() ? code("plugins") : code("modules." + std::string(package.module)), "native"});
  text +=
      "\nAny other plugin or module, and the project's own code in `dist`, runs in the project's own Medusa, a process that\n"
      "this server starts beside itself (docs/plugins.md). Options reach it as they are written. Scheduled jobs run there and need\n"
      "`redis_url`, as in 1.20.\n";
  return text + "\n";
}
} // namespace

std::string reference() {
  std::string text = R"(# Configuration

Made by `stheno config reference` from the tables that read a configuration; `node tests/config/reference.mjs --write`
writes it anew. `stheno config check` finds all faults of a project's configuration at once, `stheno config show` shows the
values that count and where each comes from.

The file is `medusa-config.js`, `medusa-config.json`, or a folder `medusa-config` with an `index.js` or `index.json`, in the
folder in which the server is started. A JavaScript file is evaluated by `node` and may have a default export. `.env.<NODE_ENV>`
and `.env` of the same folder are read for it, and for the variables below: what the first says counts before the second, and what
is set in the real environment before both.

)";
  text +=
      "Where a key has a variable, the file wins, save for feature flags. \"Since\" is the patch release of Medusa that\n"
      "knows the key; `stheno` marks keys of this server.\n\n";
  text += "## projectConfig\n\n" + table("projectConfig.");
  text += "## plugins and modules\n\n" + table({}) + extensions();
  text += "## featureFlags\n\nThe variable wins over the file.\n\n" + table("featureFlags.");
  text += "## Variables of the environment\n\n" + variables();
  text +=
      "Without `database_url` the variables of libpq count: `PGHOST`, `PGPORT`, `PGUSER`, `PGPASSWORD`, `PGDATABASE`, "
      "`PGSERVICE`, `PGSSLMODE` and the others.\n\n";
  text += "## Options of database_extra\n\n" + options(Driver::pg);
  text += "## Options of redis_options, and of redisOptions in modules\n\n" + options(Driver::ioredis);
  text.pop_back();
  return text;
}

} // namespace config
