#include "base/strings.hpp"
#include "config/driver_options.hpp"
#include "config/environment.hpp"
#include "config/evaluate.hpp"
#include "config/extensions.hpp"
#include "config/logins.hpp"
#include "config/origins.hpp"
#include "config/positions.hpp"
#include "config/properties.hpp"
#include "config/undefined.hpp"
#include "config/unknown_keys.hpp"
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace config {
namespace {
using base::Json;

const Json& at_path(const Json& root, std::string_view path) {
  const Json* value = &root;
  for (const std::string& name : base::split(path, '.')) value = &(*value)[name];
  return *value;
}

std::string relative_path(const std::string& path, const std::string& folder) {
  return path.starts_with(folder + "/") ? path.substr(folder.size() + 1) : path;
}

// A file that can't be read has no positions. Its mark of byte order belongs to no line.
std::string read_text(const std::string& path) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  return text;
}

// What was found, as a message may show it: values of secrets and options never.
std::string shown(const Json& value, Secrecy secrecy) {
  if (value.is_array() && secrecy == Secrecy::secret) return "a list";
  if (is_undefined(value)) return "undefined";
  if (value.is_object()) {
    if (!value["$type"].is_string()) return "an object";
    const std::string& type = value["$type"].as_string();
    return (type.starts_with('a') ? "an " : "a ") + type;
  }
  if (secrecy == Secrecy::secret && (value.is_string() || value.is_number()))
    return value.is_string() ? "a text" : "a number";
  std::string text = value.dump();
  constexpr std::size_t kLongest = 80;
  if (text.size() > kLongest) {
    text.resize(kLongest);
    text.append("...");
  }
  return text;
}

constexpr std::string_view kKnownToEverybody = "supersecret";

class Loader {
 public:
  Loader(Json exported, const LoadOptions& options, const std::string& file, const Environment& lookup)
      : options_(options), name_(relative_path(file, options.project)), positions_(read_text(file)), lookup_(lookup) {
    config_.project = options.project;
    config_.file = file;
    config_.raw = without_undefined(exported, undefined_);
  }

  Config load() {
    if (!whole()) return std::move(config_);
    for (const Section& section : sections()) check_section(section);
    for (const Property& property : properties()) apply(property);
    undefined_keys();
    secrets();
    drivers();
    read_extensions(
        config_, [&](const std::string& key, const Remark& what, Severity severity) { problem(key, what, severity); });
    for (const Module& module : config_.modules)
      if (const Json& url = module.options["redisUrl"]; url.is_string())
        undefined_within("modules." + module.key + ".options.redisUrl", url.as_string());
    for (Finding& finding : unknown_keys(config_.raw)) add(std::move(finding));
    return std::move(config_);
  }

 private:
  // Where a key of the file stands.
  Place place_of(std::string_view key) const {
    Place place = positions_.of(key);
    place.file = name_;
    return place;
  }
  void add(Finding finding) {
    if (finding.place.file.empty()) finding.place = place_of(finding.key);
    config_.findings.push_back(std::move(finding));
  }
  void problem(const std::string& key, const Remark& what, Severity severity = Severity::error) {
    const std::string why = what.found == "undefined" ? reason(key) : std::string();
    add({severity, place_of(key), key, key + what.text + why, what.found, what.accepted, what.nearest});
  }
  // Why a key is undefined, as far as the file's text tells: ": process.env.X is not set".
  std::string reason(std::string_view key) const {
    const std::string unset = unset_variables(positions_.variables_of(key), lookup_);
    return unset.empty() ? unset : ": " + unset;
  }

  // Whether there is anything to read. Medusa 1.20: config.ts reads members of whatever is exported, save of null, and so
  // takes what is no object for an empty one, without a word.
  bool whole() {
    const Json& exported = config_.raw;
    const bool object = exported.is_object() && !exported["$type"].is_string();
    if (object && (exported.size() > 0 || !undefined_.empty())) {
      if (const Json& project = exported["projectConfig"]; project.is_nullish()) {
        const std::string found = is_undefined_key("projectConfig") ? "undefined" : project.is_null() ? "null" : "";
        problem("projectConfig", found.empty() ? Remark(" is missing: nothing is said of secrets, database or origins")
                                               : Remark::not_accepted(found, "an object"));
      }
      return true;
    }
    if (object)
      nothing_exported();
    else
      not_an_object(shown(exported, Secrecy::secret));
    return false;
  }

  void nothing_exported() {
    Finding finding{Severity::error, {name_}, "", "nothing is exported", "an empty object", "an object"};
    if (name_.ends_with(".json")) {
      finding.message = "it is an empty object: a configuration has projectConfig in it";
    } else {
      finding.message += ": the configuration is what is assigned to module.exports";
      if (const auto& misnamed = positions_.misnamed_export()) {
        finding.place.line = misnamed->place.line;
        finding.place.column = misnamed->place.column;
        finding.nearest = "module.exports";
        finding.message += ", and not to " + misnamed->text + " (did you mean module.exports?)";
      }
    }
    add(std::move(finding));
  }

  void not_an_object(const std::string& found) {
    std::string why;
    if (found == "a promise") why = ": the start waits for none, here as in 1.20";
    if (found.ends_with("function")) why = ": nobody calls it, here as in 1.20";
    add({Severity::error,
         {name_},
         "",
         "it must export an object, not " + found + why + "; nothing in it counts",
         found,
         "an object"});
  }

  bool is_undefined_key(std::string_view key) const {
    return std::find(undefined_.begin(), undefined_.end(), key) != undefined_.end();
  }

  // Keys that are there without a value. In options of others that may be on purpose, unless a variable that is not set is
  // the reason.
  void undefined_keys() {
    for (const std::string& key : undefined_) {
      if (key == "projectConfig") continue; // said
      const Property* known = property(key);
      const std::string why = reason(key);
      if (why.empty() && !known) continue;
      if (known && known->kind == Kind::secrets && lookup_(std::string(known->environment)))
        continue; // which counts then
      const bool database = key == "projectConfig.database_url" && config_.production();
      Remark remark(" is undefined, and counts as not given");
      remark.found = "undefined";
      if (known) remark.accepted = accepted(*known);
      problem(key, remark, database ? Severity::error : Severity::warning);
    }
  }

  // "postgres://undefined:undefined@localhost/undefined": what a template makes of variables that are not set.
  void undefined_within(const std::string& key, const std::string& text) {
    const UndefinedParts parts = undefined_parts(text);
    if (!parts.any) return;
    Remark remark(std::string(" has the word \"undefined\" ") + (parts.host ? "as its host" : "in it"));
    const std::string why = reason(key);
    remark.text += why.empty() ? ", where something is not set" : why;
    problem(key, remark, parts.host ? Severity::error : Severity::warning);
  }

  void check_section(const Section& section) {
    const Json& value = at_path(config_.raw, section.key);
    if (value.is_nullish() || value.is_object()) return;
    const std::string key(section.key), found = shown(value, Secrecy::secret);
    const bool ends = section.refused == Refused::ends_start;
    add({ends ? Severity::error : Severity::warning, place_of(key), key,
         key + " is " + found + "; it accepts an object" + (ends ? "" : ", and counts as none"), found, "an object"});
  }

  struct Given {
    Json value;
    Source source = Source::fallback;
    Place place;
    std::string name; // of the key or the variable
  };

  Given from_environment(const Property& property) const {
    if (property.environment.empty()) return {};
    const std::string name(property.environment);
    const auto variable = lookup_(name);
    if (!variable || variable->source == Source::fallback) return {};
    // Medusa 1.20: an empty variable is none, except for flags; a list makes a flag an object, which is true.
    if (variable->value.empty() && property.kind != Kind::flag) return {};
    const bool nested = property.kind == Kind::flag && variable->value.find(',') != std::string::npos;
    Place place = variable->place;
    if (place.file.empty() && variable->source == Source::file) place.file = name_;
    return {nested ? Json(true) : Json(variable->value), variable->source, place, name};
  }
  Given from_file(const Property& property) const {
    if (property.key.starts_with("env:")) return {};
    return {at_path(config_.raw, property.key), Source::file, place_of(property.key), std::string(property.key)};
  }

  void apply(const Property& property) {
    const Json fallback = property.fallback.empty() ? Json() : base::parse_json(property.fallback);
    config_.settings.push_back({&property, fallback, Source::fallback, {}});
    Given first = from_file(property), second = from_environment(property);
    if (property.precedence == Precedence::environment) std::swap(first, second);
    if (!take(property, first)) take(property, second);
  }

  // Items of a list that are undefined, each named for itself. Whether there were any.
  bool undefined_items(const Property& property, const Given& given) {
    if (!given.value.is_array() || given.source != Source::file || property.kind == Kind::list) return false;
    bool found = false;
    std::size_t at = 0;
    for (const Json& item : given.value.as_array()) {
      const std::string key = given.name + "[" + std::to_string(at++) + "]";
      if (!is_undefined(item)) continue;
      problem(key, Remark::not_accepted("undefined", "a text"));
      found = true;
    }
    return found;
  }

  // Whether the value counts as given.
  bool take(const Property& property, const Given& given) {
    const auto usable = check(property, given.value);
    if (!usable) {
      if (undefined_items(property, given)) return true;
      const bool options = property.kind == Kind::object || property.kind == Kind::lenient_object; // with passwords
      const bool none = property.refused == Refused::counts_as_none || property.kind == Kind::lenient_object;
      const std::string found = shown(given.value, options ? Secrecy::secret : property.secrecy);
      const std::string wanted = accepted(property);
      config_.findings.push_back(
          {none ? Severity::warning : Severity::error, given.place, given.name,
           given.name + " is " + found + "; it accepts " + wanted + (none ? ", and counts as none" : ""), found,
           wanted});
      return !none;
    }
    if (usable->is_undefined()) return false;
    try {
      property.store(config_, *usable);
    } catch (const ConfigError& refused) {
      config_.findings.push_back({Severity::error, given.place, given.name, given.name + ": " + refused.what(),
                                  shown(given.value, property.secrecy), accepted(property)});
      return true;
    }
    if (property.kind == Kind::secrets && given.value.is_number())
      config_.findings.push_back(
          {Severity::warning, given.place, given.name,
           given.name + " is a number, with which 1.20 signs nothing; its digits are taken as a text", "a number",
           accepted(property)});
    if (property.kind == Kind::flag) odd_flag(property, given);
    if (property.kind == Kind::origins) odd_origins(given, parse_origins(*usable));
    if (property.kind == Kind::text && given.value.is_string() && property.key.starts_with("projectConfig."))
      undefined_within(given.name, given.value.as_string());
    if (property.kind == Kind::truth && given.value.is_string())
      config_.findings.push_back(
          {Severity::warning, given.place, given.name,
           given.name + " is " + shown(given.value, property.secrecy) + "; every text but an empty one means true",
           shown(given.value, property.secrecy), accepted(property)});
    Setting& setting = config_.settings.back();
    setting.value = *usable;
    setting.source = given.source;
    setting.place = given.place;
    return true;
  }

  // Medusa 1.20: of a text only "true" turns a flag on; anything else by JavaScript's truth.
  void odd_flag(const Property& property, const Given& given) {
    const Json& value = given.value;
    if (value.is_bool() || given.source == Source::fallback) return;
    const std::string text = value.is_string() ? base::lower(value.as_string()) : std::string();
    if (text == "true" || text == "false") return;
    const std::string found = shown(value, Secrecy::open);
    const bool on = value.is_string() ? false : value.truthy();
    config_.findings.push_back({Severity::warning, given.place, given.name,
                                given.name + " is " + found + ", which means " + (on ? "true" : "false") +
                                    (value.is_string() ? ": of texts only \"true\" turns it on" : "") +
                                    "; it accepts " + accepted(property),
                                found, accepted(property)});
  }

  void odd_origins(const Given& given, const Origins& origins) {
    for (const Origin& origin : origins) {
      const auto fault = never_matches(origin);
      if (!fault) continue;
      const bool not_set = origin.text.find("undefined") != origin.text.npos;
      const std::string text = without_logins(origin.text);
      add({Severity::warning, given.place, given.name,
           given.name + ": no origin is equal to " + text + ": it " + fault->text +
               (not_set ? reason(given.name) : std::string()),
           text, "an origin such as https://shop.example.com, or a /pattern/", fault->nearest});
    }
  }

  const Setting& setting(std::string_view key) const {
    return *std::find_if(config_.settings.begin(), config_.settings.end(),
                         [&](const Setting& s) { return s.property->key == key; });
  }

  // An empty secret counts as none: 1.20 starts with it and then fails every request.
  void secrets() {
    const auto known_to_everybody = [&](std::string_view key) {
      const std::string name(key), variable(setting(key).property->environment);
      const std::string remedy = "set " + name + " or " + variable;
      if (config_.production())
        add({Severity::error, place_of(name), name, name + " not found: production needs one; " + remedy});
      else
        add({Severity::advice, place_of(name), name,
             name + " is not set, so that everybody knows it: \"supersecret\"; production refuses to start; " +
                 remedy});
    };
    // What was refused has been given too.
    const auto given = [&](std::string_view key) {
      const auto refused = [&](const Finding& f) { return f.key == key && f.severity == Severity::error; };
      return setting(key).source != Source::fallback ||
             std::any_of(config_.findings.begin(), config_.findings.end(), refused);
    };
    if (!given("projectConfig.jwt_secret")) known_to_everybody("projectConfig.jwt_secret");
    if (!given("projectConfig.cookie_secret") && config_.session_options.secrets.empty())
      known_to_everybody("projectConfig.cookie_secret");
    for (const std::string_view key :
         {"projectConfig.jwt_secret", "projectConfig.cookie_secret", "projectConfig.session_options.secret"})
      guessable_secret(setting(key));
    if (config_.session_options.secrets.empty()) config_.session_options.secrets = config_.cookie_secrets;
    if (config_.session_options.name.empty()) config_.session_options.name = SessionOptions{}.name;
  }

  // One that everybody knows, though it is written out; and one that is made of a variable which is not set.
  void guessable_secret(const Setting& setting) {
    if (setting.source == Source::fallback || !setting.value.is_array()) return;
    const auto holds = [&](std::string_view text) {
      const auto& all = setting.value.as_array();
      return std::find(all.begin(), all.end(), Json(text)) != all.end();
    };
    const std::string key(setting.property->key);
    const Severity severity = config_.production() ? Severity::error : Severity::warning;
    if (holds("undefined"))
      config_.findings.push_back(
          {severity, setting.place, key, key + " is the word \"undefined\", where something is not set" + reason(key)});
    if (holds(kKnownToEverybody) && config_.production())
      config_.findings.push_back(
          {severity, setting.place, key, key + " is \"supersecret\", which everybody knows: production needs another"});
  }

  void drivers() {
    const auto checked = [&](Driver driver, std::string_view key) {
      return checked_driver_options(
          driver, config_.raw["projectConfig"][key], "projectConfig." + std::string(key),
          [&](const std::string& option, const Remark& what) { problem(option, what); },
          [&](const std::string& option, const Remark& what) { problem(option, what, Severity::warning); });
    };
    config_.database_extra = checked(Driver::pg, "database_extra");
    config_.redis_options = checked(Driver::ioredis, "redis_options");
    const Json& logging = config_.raw["projectConfig"]["database_logging"];
    const auto known = [](const Json& word) {
      return std::any_of(std::begin(kDatabaseLoggingWords), std::end(kDatabaseLoggingWords),
                         [&](const auto& row) { return word == Json(row.text); });
    };
    const bool silent = logging.is_string() && logging != Json("all") && logging != Json("");
    if (silent || (logging.is_array() && !std::all_of(logging.as_array().begin(), logging.as_array().end(), known)))
      problem("projectConfig.database_logging",
              Remark::not_accepted(shown(logging, Secrecy::open), std::string(accepted(Kind::logging))),
              Severity::warning);
  }

  const LoadOptions& options_;
  std::string name_;
  Positions positions_;
  std::vector<std::string> undefined_; // keys of the file that are there and have no value
  const Environment& lookup_;
  Config config_;
};

std::string lines_of(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings)
    if (finding.severity == Severity::error) text += (text.empty() ? "" : "\n") + text_of(finding);
  return text;
}
} // namespace

ConfigError::ConfigError(const std::string& message)
    : std::runtime_error(message), findings{{Severity::error, {}, {}, message}} {}
ConfigError::ConfigError(Findings all) : std::runtime_error(lines_of(all)), findings(std::move(all)) {}

void refuse_errors(const Config& config) {
  if (has_errors(config.findings)) throw ConfigError(config.findings);
}

const Plugin* Config::plugin(std::string_view resolve) const {
  // 1.20 loads all of them; what the last one registers counts.
  const Plugin* found = nullptr;
  for (const Plugin& p : plugins)
    if (p.resolve == resolve) found = &p;
  return found;
}

const Module* Config::module(std::string_view key) const {
  for (const Module& m : modules)
    if (m.key == key) return &m;
  return nullptr;
}

const Foreign* Config::foreign_module(std::string_view key) const {
  for (const Foreign& f : foreign)
    if (f.kind == Foreign::Kind::module && f.key == key) return &f;
  return nullptr;
}

Config from_json(Json exported, const LoadOptions& options, const std::string& file, const Environment& lookup) {
  return Loader(std::move(exported), options, file, lookup).load();
}

Config load(const LoadOptions& options) {
  LoadOptions absolute = options;
  absolute.project = absolute_path(options.project);
  // Medusa's command line does the same before anything reads it.
  const char* given = std::getenv("NODE_ENV");
  const NodeEnv node_env = given && *given ? NodeEnv::given : NodeEnv::assumed;
  if (node_env == NodeEnv::assumed) ::setenv("NODE_ENV", "development", 1);
  Evaluated evaluated;
  try {
    evaluated = evaluate(absolute.project);
  } catch (const ConfigError& failure) {
    Config none;
    none.project = absolute.project;
    none.findings = failure.findings;
    for (Finding& finding : none.findings) finding.place.file = relative_path(finding.place.file, absolute.project);
    return none;
  }
  const Environment lookup = settle_environment(absolute.project, evaluated.environment, node_env);
  Config config = from_json(std::move(evaluated.exported), absolute, evaluated.file, lookup);
  for (Finding& finding : odd_variables(absolute.project)) config.findings.push_back(std::move(finding));
  return config;
}

} // namespace config
