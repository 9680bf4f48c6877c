#include "config/config.hpp"
#include "config/environment.hpp"
#include "config/evaluate.hpp"
#include "config/properties.hpp"
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <set>

using base::Json;

namespace {
std::string no_variables(const char*) { return ""; }
std::string production(const char* name) { return std::string_view(name) == "NODE_ENV" ? "production" : ""; }
std::string categories(const char* name) {
  return std::string_view(name) == "MEDUSA_FF_PRODUCT_CATEGORIES" ? "TRUE"
         : std::string_view(name) == "MEDUSA_FF_ANALYTICS"        ? "1"
                                                                  : "";
}

config::Config from(const char* text, config::Environment lookup = no_variables,
                    config::UnsupportedPlugins unsupported = config::UnsupportedPlugins::refuse) {
  return config::from_json(base::parse_json(text), {".", unsupported}, "/shop/medusa-config.js", lookup);
}

std::string refusal(const char* text, config::Environment lookup = no_variables) {
  try {
    from(text, lookup);
  } catch (const config::ConfigError& e) {
    return e.what();
  }
  return "";
}

// A project folder that lasts as long as the test.
struct Project {
  std::filesystem::path folder;
  Project() {
    std::string name = (std::filesystem::temp_directory_path() / "stheno-config-XXXXXX").string();
    folder = std::filesystem::canonical(mkdtemp(name.data()));
  }
  ~Project() { std::filesystem::remove_all(folder); }
  void write(const char* name, std::string_view text) { std::ofstream(folder / name) << text; }
  std::string refusal() {
    try {
      config::evaluate(folder.string());
    } catch (const config::ConfigError& e) {
      return e.what();
    }
    return "";
  }
};
} // namespace

TEST_CASE("the property table is sound") {
  std::set<std::string_view> keys;
  for (const config::Property& p : config::properties()) {
    CAPTURE(p.key);
    CHECK(keys.insert(p.key).second);
    CHECK(!p.description.empty());
    CHECK((p.store != nullptr));
    config::Config config;
    for (const std::string_view value : {p.fallback, p.example}) {
      if (value.empty() || p.kind == config::Kind::unread) continue;
      const auto usable = config::check(p.kind, base::parse_json(value));
      REQUIRE(usable);
      if (!usable->is_undefined()) p.store(config, *usable);
    }
  }
}

TEST_CASE("an empty configuration has 1.20's defaults") {
  const auto c = from("{}");
  CHECK(c.jwt_secret == "supersecret");
  CHECK(c.session_options.secrets == std::vector<std::string>{"supersecret"});
  CHECK(c.session_options.ttl_ms == 36'000'000);
  CHECK(c.store_cors.empty());
  CHECK(c.port == "9000");
  CHECK(c.flags == schema::Flags());
  CHECK(!c.inventory());
}

TEST_CASE("keys are taken from the file") {
  const auto c = from(R"({"projectConfig":{"jwt_secret":"j","cookie_secret":["a","b"],"redis_prefix":"p:",
    "database_extra":"ignored","session_options":{"ttl":"1000","resave":0},"http_compression":{"threshold":"2kb"}}})");
  CHECK(c.jwt_secret == "j");
  CHECK(c.session_options.secrets == std::vector<std::string>{"a", "b"});
  CHECK(c.redis_prefix == "p:");
  CHECK(c.database_extra == Json::object());
  CHECK(c.session_options.ttl_ms == 1000);
  CHECK(!c.session_options.resave);
  CHECK(c.http_compression.threshold == 2048);
  CHECK(!from(R"({"projectConfig":{"session_options":{"ttl":false}}})").session_options.ttl_ms);
}

TEST_CASE("a refused value is named with its file, key, what was found and what is accepted") {
  CHECK(refusal(R"({"projectConfig":{"store_cors":42,"redis_url":["x"],"session_options":{"ttl":"long"}}})") ==
        "medusa-config.js: projectConfig.store_cors is 42; it accepts a text with origins separated by commas, or a "
        "list of them\n"
        "medusa-config.js: projectConfig.session_options.ttl is \"long\"; it accepts a number of milliseconds or false\n"
        "medusa-config.js: projectConfig.redis_url is a value of another kind; it accepts a text");
  CHECK(refusal(R"([1])") == "medusa-config.js: it must export an object, not [1]");
  CHECK(refusal(R"({"plugins":[{"options":{}}]})").find("plugins[0]") != std::string::npos);
  CHECK(refusal(R"({"modules":{"cash":true}})").find("modules.cash") != std::string::npos);
}

TEST_CASE("production demands secrets") {
  CHECK(refusal("{}", production).find("jwt_secret not found") != std::string::npos);
  CHECK(refusal("{}", production).find("cookie_secret not found") != std::string::npos);
  CHECK(refusal(R"({"projectConfig":{"jwt_secret":"a","cookie_secret":"b"}})", production).empty());
}

TEST_CASE("feature flags: environment over file over default") {
  const auto c = from(R"({"featureFlags":{"product_categories":false,"analytics":true,"sales_channels":"no",
    "tax_inclusive_pricing":1}})",
                      categories);
  CHECK(c.flags.on(schema::Flag::product_categories));
  CHECK(!c.flags.on(schema::Flag::analytics)); // "1" is not "true"
  CHECK(!c.flags.on(schema::Flag::sales_channels));
  CHECK(c.flags.on(schema::Flag::tax_inclusive_pricing));
  CHECK(c.flags.on(schema::Flag::order_editing));
}

TEST_CASE("unknown plugins are refused, or left out on demand") {
  const char* text = R"({"plugins":["medusa-payment-manual",{"resolve":"medusa-payment-stripe"}],
    "modules":{"inventoryService":{"resolve":"@medusajs/inventory"},"cacheService":"@medusajs/cache-redis",
    "stockLocationService":false}})";
  CHECK(refusal(text).find("medusa-payment-stripe is not supported") != std::string::npos);
  const auto c = from(text, no_variables, config::UnsupportedPlugins::ignore);
  CHECK(c.plugins.size() == 1);
  CHECK(c.inventory());
  CHECK(!c.stock_location());
  CHECK(c.module("cacheService")->package == "@medusajs/cache-redis");
}

TEST_CASE("CORS lists") {
  using config::Origin;
  using config::Origins;
  const auto parsed = [](const char* json) { return config::parse_origins(base::parse_json(json)); };
  CHECK(parsed(R"("http://a.com, http://b.com")") == Origins{{"http://a.com", "", ""}, {"http://b.com", "", ""}});
  CHECK(parsed(R"("/\\.a\\.com$/gi")") == Origins{{"/\\.a\\.com$/gi", "\\.a\\.com$", "i"}});
  CHECK(parsed(R"(["/a{1,2}/",{"$type":"RegExp","source":"b","flags":""}])") ==
        Origins{{"/a{1,2}/", "a{1,2}", ""}, {"/b/", "b", ""}});
  CHECK_THROWS_AS(parsed(R"("/a{1,2}\\.com$/")"), config::ConfigError);
  CHECK(parsed(R"("")").empty());
}

TEST_CASE("sizes in bytes") {
  CHECK(config::parse_bytes("1kb") == 1024);
  CHECK(config::parse_bytes("1.5 KB") == 1536);
  CHECK(config::parse_bytes("40 zb") == 40);
  CHECK(!config::parse_bytes("abc"));
}

TEST_CASE("environment files") {
  const auto v = config::parse_environment("# comment\nA=1\nexport B = two words # note\nC=\"x\\ny\"\nD='#'\nE=\n"
                                           "bad line\nF=`a\nb`\r\nG=last");
  const config::Variables expected{{"A", "1"}, {"B", "two words"}, {"C", "x\ny"}, {"D", "#"},
                                   {"E", ""},  {"F", "a\nb"},      {"G", "last"}};
  CHECK(v == expected);
}

TEST_CASE("a file is evaluated with what it prints kept apart") {
  Project project;
  project.write("medusa-config.js", R"(console.log("noise"); process.env.FROM_FILE = "yes";
    module.exports = { projectConfig: { store_cors: [/a\.b/i], f() {}, u: undefined }, plugins: [] };)");
  const auto e = config::evaluate(project.folder.string());
  CHECK(e.exported["projectConfig"].dump() ==
        R"({"store_cors":[{"$type":"RegExp","source":"a\\.b","flags":"i"}],"f":{"$type":"function","name":"f"}})");
  CHECK(e.environment == config::Variables{{"FROM_FILE", "yes"}});
}

TEST_CASE("what goes wrong in a file is said with file and line") {
  Project project;
  const std::string file = (project.folder / "medusa-config.js").string();
  CHECK(project.refusal() == project.folder.string() +
                                 ": there is no medusa-config.js or medusa-config.json in this folder");
  project.write("medusa-config.js", "const a = 1;\nmodule.exports = {,};\n");
  CHECK(project.refusal() == file + ":2: SyntaxError: Unexpected token ','");
  project.write("medusa-config.js", "\n\nthrow new Error('no database');");
  CHECK(project.refusal() == file + ":3: Error: no database");
  project.write("medusa-config.js", "require('not-there')");
  CHECK(project.refusal().find(":1: Error: Cannot find module 'not-there'") != std::string::npos);
  project.write("medusa-config.js", "process.exit(3)");
  CHECK(project.refusal().find("code 3") != std::string::npos);
  std::filesystem::remove(file);
  project.write("medusa-config.json", "{\n  \"a\": 1,\n}");
  CHECK(project.refusal().find("medusa-config.json:3: ") != std::string::npos);
}
