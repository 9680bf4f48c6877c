#include "base/strings.hpp"
#include "config/config.hpp"
#include "config/environment.hpp"
#include "config/evaluate.hpp"
#include "config/masking.hpp"
#include "config/origins.hpp"
#include "config/positions.hpp"
#include "config/properties.hpp"
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <set>

using base::Json;

namespace {
using config::Variable;

std::optional<Variable> no_variables(const std::string&) { return {}; }
std::optional<Variable> production(const std::string& name) {
  return name == "NODE_ENV" ? std::optional<Variable>(Variable{"production"}) : std::nullopt;
}
std::optional<Variable> flags(const std::string& name) {
  if (name == "MEDUSA_FF_PRODUCT_CATEGORIES") return Variable{"TRUE"};
  if (name == "MEDUSA_FF_ANALYTICS") return Variable{"1"};
  if (name == "MEDUSA_FF_ORDER_EDITING") return Variable{""};
  if (name == "MEDUSA_FF_PUBLISHABLE_API_KEYS") return Variable{"a,b.c"};
  return {};
}

config::Config from(const char* text, const config::Environment& lookup = no_variables) {
  return config::from_json(base::parse_json(text), {"/shop"}, "/shop/medusa-config.js", lookup);
}

std::string refusal(const char* text, const config::Environment& lookup = no_variables) {
  try {
    config::refuse_errors(from(text, lookup));
  } catch (const config::ConfigError& e) {
    return e.what();
  }
  return "";
}

// What is said beside errors.
std::string remarks(const char* text, config::Severity severity = config::Severity::warning) {
  std::string all;
  for (const config::Finding& finding : from(text).findings)
    if (finding.severity == severity) all += config::text_of(finding) + "\n";
  return all;
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
      CHECK(!config::accepted(p).empty());
      const auto usable = config::check(p, base::parse_json(value));
      REQUIRE(usable);
      if (!usable->is_undefined()) p.store(config, *usable);
    }
  }
}

TEST_CASE("an empty configuration has 1.20's defaults") {
  const auto c = from(R"({"projectConfig":{}})");
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
  CHECK(
      refusal(R"({"projectConfig":{"store_cors":42,"redis_url":["x"],"session_options":{"ttl":"long"},
    "http_compression":{"level":10,"memLevel":0}}})") ==
      "medusa-config.js: projectConfig.store_cors is 42; it accepts a text with origins separated by commas, or a "
      "list of them\n"
      "medusa-config.js: projectConfig.http_compression.level is 10; it accepts a whole number from -1 to 9\n"
      "medusa-config.js: projectConfig.http_compression.memLevel is 0; it accepts a whole number from 1 to 9\n"
      "medusa-config.js: projectConfig.session_options.ttl is \"long\"; it accepts a number of milliseconds or false\n"
      "medusa-config.js: projectConfig.redis_url is a list; it accepts a text");
  CHECK(refusal("null").find("it must export an object, not null") != std::string::npos);
  CHECK(refusal(R"({"projectConfig":{"http_compression":true}})")
            .find("http_compression is true; it accepts an object") != std::string::npos);
  CHECK(refusal(R"({"projectConfig":{},"plugins":[{"options":{"api_key":"sk"}}]})") ==
        "medusa-config.js: plugins[0] is an object; it accepts a package name, or an object with `resolve`");
  CHECK(refusal(R"({"plugins":"x"})").find("plugins is \"x\"; it accepts a list") != std::string::npos);
  CHECK(refusal(R"({"modules":{"cash":true}})").find("modules.cash") != std::string::npos);
}

TEST_CASE("what 1.20 lives with is a warning, and counts as it does there") {
  const char* text = R"({"projectConfig":{"http_compression":{"threshold":"abc","enabled":"false"},
    "worker_mode":"both","session_options":"x","database_extra":5},"featureFlags":"x"})";
  const auto c = from(text);
  CHECK(c.http_compression.threshold == 1024);
  CHECK(c.http_compression.enabled);
  CHECK(c.worker_mode == config::WorkerMode::shared);
  const std::string said = remarks(text);
  for (const char* key : {"http_compression.threshold", "http_compression.enabled", "worker_mode", "session_options",
                          "database_extra", "featureFlags"})
    CHECK_MESSAGE(said.find(key) != std::string::npos, key);
}

TEST_CASE("secrets: empty ones count as none, a list rotates") {
  const auto environment = [](const std::string& name) {
    return name == "JWT_SECRET" ? std::optional<Variable>(Variable{"from the environment"}) : std::nullopt;
  };
  for (const char* text : {R"({"projectConfig":{"jwt_secret":""}})", R"({"projectConfig":{"jwt_secret":null}})",
                           R"({"projectConfig":{}})"})
    CHECK(from(text, environment).jwt_secret == "from the environment");
  const auto c = from(R"({"projectConfig":{"jwt_secret":["new","old"],"cookie_secret":12}})", environment);
  CHECK(c.jwt_secret == "new");
  CHECK(c.former_jwt_secrets == std::vector<std::string>{"old"});
  CHECK(c.session_options.secrets == std::vector<std::string>{"12"});
  CHECK(remarks(R"({"projectConfig":{"cookie_secret":12}})").find("is a number") != std::string::npos);
  CHECK(remarks(R"({"projectConfig":{}})", config::Severity::advice).find("jwt_secret is not set") !=
        std::string::npos);
}

TEST_CASE("unknown keys name the one that was meant") {
  const std::string said = remarks(R"({"projectConfig":{"store_corss":"x","databaseUrl":"x","http":{"jwtSecret":"x"},
    "session_options":{"tll":1}},"featureFlags":{"product_category":true},"plugin":[]})");
  for (const char* near : {"did you mean projectConfig.store_cors?", "1.20 calls it projectConfig.database_url",
                           "1.20 calls it projectConfig.jwt_secret", "did you mean projectConfig.session_options.ttl?",
                           "did you mean featureFlags.product_categories?", "did you mean plugins?"})
    CHECK_MESSAGE(said.find(near) != std::string::npos, near);
  CHECK(remarks(R"({"projectConfig":{"my_own_key":"x"}})").empty());
  CHECK(remarks(R"({"projectConfig":{"my_own_key":"x"}})", config::Severity::advice).find("only plugins") !=
        std::string::npos);
}

TEST_CASE("production demands secrets") {
  CHECK(refusal(R"({"projectConfig":{}})", production).find("jwt_secret not found") != std::string::npos);
  CHECK(refusal(R"({"projectConfig":{}})", production).find("cookie_secret not found") != std::string::npos);
  CHECK(refusal(R"({"projectConfig":{"jwt_secret":"a","cookie_secret":"b"}})", production).empty());
}

TEST_CASE("feature flags: environment over file over default") {
  const auto c = from(R"({"featureFlags":{"product_categories":false,"analytics":true,"sales_channels":"no",
    "tax_inclusive_pricing":{"nested":true}}})",
                      flags);
  CHECK(c.flags.on(schema::Flag::product_categories));
  CHECK(!c.flags.on(schema::Flag::analytics)); // "1" is not "true"
  CHECK(!c.flags.on(schema::Flag::sales_channels));
  CHECK(c.flags.on(schema::Flag::tax_inclusive_pricing));
  CHECK(!c.flags.on(schema::Flag::order_editing));       // set, but empty
  CHECK(c.flags.on(schema::Flag::publishable_api_keys)); // a list
  CHECK(refusal(R"({"featureFlags":{"medusa_v2":true}})").find("featureFlags.medusa_v2: ") != std::string::npos);
  CHECK(refusal(R"({"featureFlags":{"workflows":"true"}})").find("featureFlags.workflows: ") != std::string::npos);
  CHECK(refusal(R"({"projectConfig":{},"featureFlags":{"medusa_v2":false,"workflows":"no"}})").empty());
}

TEST_CASE("every value knows where it comes from") {
  const auto lookup = [](const std::string& name) {
    return name == "COOKIE_SECRET" ? std::optional<Variable>(Variable{"c", config::Source::dotenv, {".env", 4}})
                                   : std::nullopt;
  };
  const auto c = from(R"({"projectConfig":{"redis_prefix":"p"}})", lookup);
  const auto source = [&](std::string_view key) {
    for (const config::Setting& s : c.settings)
      if (s.property->key == key) return s.source;
    FAIL("no such setting");
    return config::Source::fallback;
  };
  CHECK(source("projectConfig.redis_prefix") == config::Source::file);
  CHECK(source("projectConfig.cookie_secret") == config::Source::dotenv);
  CHECK(source("projectConfig.jwt_secret") == config::Source::fallback);
}

TEST_CASE("positions of keys") {
  const config::Positions js(R"(// projectConfig: { redis_url: 1 }
const plugins = [
  "a",
  { resolve: "b" },
];
const projectConfig = {
  "store_cors": x ? "a" : 'b{', // {
  ...(redis ? { redis_url: redis } : {}),
  session_options: { ttl: 1 / 2, name: /[/]{/.source },
};
module.exports = {
  projectConfig,
  plugins,
  featureFlags: { analytics: true },
};
)");
  const auto at = [](const config::Positions& positions, const char* key) {
    const auto place = positions.of(key);
    return std::to_string(place.line) + ":" + std::to_string(place.column);
  };
  CHECK(at(js, "projectConfig.store_cors") == "7:3");
  CHECK(at(js, "projectConfig.redis_url") == "8:17");
  CHECK(at(js, "projectConfig.session_options.name") == "9:34");
  CHECK(at(js, "projectConfig.session_options.rolling") == "9:3"); // the nearest above
  CHECK(at(js, "plugins[1].resolve") == "4:5");
  CHECK(at(js, "plugins[0]") == "3:3");
  CHECK(at(js, "featureFlags.analytics") == "14:19");
  CHECK(at(js, "modules") == "0:0");
  const config::Positions json("{\n \"projectConfig\": {\n  \"store_cors\": 1 }, \"plugins\": [1, 2] }");
  CHECK(at(json, "projectConfig.store_cors") == "3:3");
  CHECK(at(json, "plugins[1]") == "3:37");
  const config::Positions es(
      "exports.default = (() => {\n const config = { projectConfig: { a: 1 } };\n return config; })()");
  CHECK(at(es, "projectConfig.a") == "2:36");
}

TEST_CASE("which variables of the environment a value is made of") {
  const config::Positions js(R"js(const REDIS = process.env.REDIS_URL || ""
const { PREFIX, CORS: cors = "" } = process.env, other = 1;
module.exports = {
  projectConfig: {
    redis_url: REDIS,
    redis_prefix: `${PREFIX}:${process.env.SHOP}`,
    store_cors: [cors, process.env["ADMIN"]],
    database_url: process.env?.DB_A ?? f(process.env.DB_B, "x"), jwt_secret: "process.env.NONE",
    PREFIX,
  },
};)js");
  const auto of = [&](const char* key) {
    return base::join(js.variables_of(std::string("projectConfig.") + key), " ");
  };
  CHECK(of("redis_url") == "REDIS_URL");
  CHECK(of("redis_prefix") == "PREFIX SHOP");
  CHECK(of("store_cors") == "CORS ADMIN");
  CHECK(of("store_cors[1]") == "ADMIN");
  CHECK(of("database_url") == "DB_A DB_B");
  CHECK(of("jwt_secret") == "");
  CHECK(of("PREFIX") == "PREFIX");
  CHECK(of("nothing") == "");
  CHECK(config::Positions("\n module.export = {}").misnamed_export()->place.line == 2);
  CHECK(config::Positions("exports = {}").misnamed_export()->text == "exports");
  CHECK(!config::Positions("module.exports = { exports: 1 }; exports.a = 2").misnamed_export());
}

TEST_CASE("what exports nothing is refused, and so is what is undefined where it matters") {
  CHECK(refusal("{}").find("nothing is exported") != std::string::npos);
  CHECK(refusal("[1]").find("it must export an object, not a list") != std::string::npos);
  CHECK(refusal(R"({"plugins":[]})").find("projectConfig is missing") != std::string::npos);
  CHECK(refusal(R"({"$type":"promise"})", production).find("not a promise") != std::string::npos);
  const char* text = R"({"projectConfig":{"database_url":{"$type":"undefined"},"store_cors":[{"$type":"undefined"}],
    "redis_url":"redis://undefined:6379","redis_prefix":"a:undefined"},"plugins":[{"$type":"undefined"}]})";
  const std::string refused = refusal(text), said = remarks(text);
  for (const char* part :
       {"store_cors[0] is undefined; it accepts a text", "redis_url has the word \"undefined\" as its host",
        "plugins[0] is undefined; it accepts a package name"})
    CHECK_MESSAGE(refused.find(part) != std::string::npos, part);
  for (const char* part :
       {"database_url is undefined, and counts as not given", "redis_prefix has the word \"undefined\" in it"})
    CHECK_MESSAGE(said.find(part) != std::string::npos, part);
  CHECK(from(text).raw["projectConfig"].has("database_url") == false);
}

TEST_CASE("secrets that everybody knows, flags by another word") {
  CHECK(refusal(R"({"projectConfig":{"jwt_secret":"supersecret","cookie_secret":"c"}})", production)
            .find("jwt_secret is \"supersecret\", which everybody knows") != std::string::npos);
  CHECK(refusal(R"({"projectConfig":{"jwt_secret":"supersecret","cookie_secret":"c"}})").empty());
  const std::string said =
      remarks(R"({"projectConfig":{},"featureFlags":{"analytics":"yes","order_editing":1,"sales_channels":"TRUE"}})");
  CHECK(said.find("analytics is \"yes\", which means false") != std::string::npos);
  CHECK(said.find("order_editing is 1, which means true") != std::string::npos);
  CHECK(said.find("sales_channels") == std::string::npos);
}

TEST_CASE("plugins that are not there are refused, and the rest is read") {
  const char* text = R"({"plugins":["medusa-payment-manual",{"resolve":"medusa-payment-stripe"}],
    "modules":{"inventoryService":{"resolve":"@medusajs/inventory"},"cacheService":"@medusajs/cache-redis",
    "stockLocationService":false}})"; // a text brings no options, so that this cache never starts
  CHECK(refusal(text).find("Unable to find plugin \"medusa-payment-stripe\"") != std::string::npos);
  CHECK(refusal(text).find("No `redisUrl` provided in `cacheService` module options") != std::string::npos);
  const auto c = from(text);
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
  CHECK_THROWS_AS(parsed(R"({"$type":"RegExp","source":"b","flags":"v"})"), config::ConfigError);
  CHECK(parsed(R"("/a/y,/b/x,/c")") == Origins{{"/a/y", "a", "y"}, {"/b/x", "", ""}, {"/c", "", ""}});
  const auto fault = [](const char* text) {
    const auto remark = config::never_matches({text, {}, {}});
    return remark ? remark->text + "|" + remark->nearest : std::string();
  };
  for (const char* good : {"http://a.com", "https://a.com:8443", "null", "capacitor://localhost", "http://[::1]:8000"})
    CHECK_MESSAGE(fault(good).empty(), good);
  CHECK(fault("http://a.com/").ends_with("|http://a.com"));
  CHECK(fault("localhost:8000").ends_with("|http://localhost:8000"));
  CHECK(fault(".a.com").ends_with("|/\\.a\\.com$/"));
  CHECK(fault("https://*.a.com").ends_with("|/^https:\\/\\/[^.]+\\.a\\.com$/"));
  for (const char* bad : {"*", "a.com;b.com", "http://A.com", "undefined", "/x", "https://a.com:443", "http://"})
    CHECK_MESSAGE(!fault(bad).empty(), bad);
  CHECK(parsed(R"("")").empty());
}

TEST_CASE("sizes in bytes") {
  CHECK(config::parse_bytes("1kb") == 1024);
  CHECK(config::parse_bytes("1.5 KB") == 1536);
  CHECK(config::parse_bytes("+2Mb") == 2 << 20);
  CHECK(config::parse_bytes("40b") == 40);
  CHECK(config::parse_bytes("1.9") == 1);
  CHECK(config::parse_bytes("1e3") == 1);
  CHECK(config::parse_bytes(" 7") == 7);
  CHECK(config::parse_bytes("7kb ") == 7);
  CHECK(config::parse_bytes("-1kb") == -1024);
  CHECK(config::parse_bytes("40 zb") == 40);
  CHECK(!config::parse_bytes("abc"));
}

TEST_CASE("environment files") {
  const auto v = config::parse_environment("# comment\nA=1\nexport B = two words # note\nC=\"x\\ny\"\nD='#'\nE=\n"
                                           "bad line\nF=`a\nb`\r\nG=first\nH: colon\nI:none\nG=last");
  const config::Variables expected{{"A", "1", 2}, {"B", "two words", 3}, {"C", "x\ny", 4},  {"D", "#", 5},
                                   {"E", "", 6},  {"F", "a\nb", 8},      {"G", "last", 13}, {"H", "colon", 11}};
  CHECK(v == expected);
  const auto one = [](std::string_view text) {
    const auto found = config::parse_environment(text);
    return found.empty() ? std::string("none") : found.front().name + "=" + found.front().value;
  };
  CHECK(one("\xef\xbb\xbf"
            "A\t= 1 ") == "A=1");
  CHECK(one("A=\"1\r\n2\"") == "A=1\n2");
  CHECK(one("A='1' two") == "A='1' two");
  CHECK(one("A=\n 'x' # y") == "A=x");
  CHECK(one("A='it\\'s'") == "A=it\\'s");
  CHECK(one("A='x\\'\n") == "A=x\\");
  CHECK(one("A:1") == "none");
  CHECK(one("A=1\xe2\x80") == "A=1\xe2\x80"); // a blank that is cut off is none
}

TEST_CASE("a file is evaluated with what it prints kept apart") {
  Project project;
  project.write("medusa-config.js", R"(console.log("noise"); process.env.FROM_FILE = "yes";
    module.exports = { projectConfig: { store_cors: [/a\.b/i], f() {}, u: undefined }, plugins: [] };)");
  const auto e = config::evaluate(project.folder.string());
  CHECK(
      e.exported["projectConfig"].dump() ==
      R"({"store_cors":[{"$type":"RegExp","source":"a\\.b","flags":"i"}],"f":{"$type":"function","name":"f"},"u":{"$type":"undefined"}})");
  CHECK(e.environment == config::Variables{{"FROM_FILE", "yes", 0}});
}

TEST_CASE("what goes wrong in a file is said with file, line, column and a caret") {
  Project project;
  const std::string file = (project.folder / "medusa-config.js").string();
  CHECK(project.refusal() ==
        project.folder.string() + ": there is no medusa-config.js or medusa-config.json in this folder");
  project.write("medusa-config.ts", "export default {}");
  CHECK(project.refusal().find("medusa-config.ts must be compiled") != std::string::npos);
  project.write("medusa-config.js", "const a = 1;\nmodule.exports = {,};\n");
  CHECK(project.refusal() == file + ":2:19: SyntaxError: Unexpected token ','\n"
                                    "  2 | module.exports = {,};\n"
                                    "    |                   ^");
  project.write("medusa-config.js", "\n\n\tthrow new Error('no database');");
  CHECK(project.refusal() == file + ":3:8: Error: no database\n"
                                    "  3 | \tthrow new Error('no database');\n"
                                    "    | \t      ^");
  project.write("medusa-config.js", "module.exports = { jwt_secret: 'hunter2' b: 1 }");
  CHECK(project.refusal().find("hunter2") == std::string::npos);
  CHECK(project.refusal().find("jwt_secret: '*******' b: 1") != std::string::npos);
  project.write("medusa-config.js", "require('not-there')");
  CHECK(project.refusal().find(":1:1: Error: Cannot find module 'not-there'") != std::string::npos);
  project.write("medusa-config.js", "process.exit(3)");
  CHECK(project.refusal().find("code 3") != std::string::npos);
  std::filesystem::remove(file);
  project.write("medusa-config.json", "{\n  \"a\": 1,\n}");
  CHECK(project.refusal().find("medusa-config.json:3:1: ") != std::string::npos);
  CHECK(project.refusal().ends_with("  3 | }\n    | ^"));
}

TEST_CASE("values are shown without what is secret in them") {
  const auto c =
      from(R"({"projectConfig":{"jwt_secret":["a","b"],"database_url":"postgres://u:p@h:1/d?sslmode=x&password=p",
    "redis_url":"h:1","redis_prefix":"p:","database_extra":{"max":5,"ssl":{"ca":"c"}}},
    "plugins":["medusa-payment-manual",{"resolve":"medusa-fulfillment-manual","options":{"a":["s",1,true]}}]})");
  const auto shown = [&](std::string_view key) {
    for (const config::Setting& s : c.settings)
      if (s.property->key == key) return config::shown_value(s).dump();
    return std::string();
  };
  CHECK(shown("projectConfig.jwt_secret") == R"(["***","***"])");
  CHECK(shown("projectConfig.cookie_secret") == R"("supersecret")"); // everybody knows it
  CHECK(shown("projectConfig.database_url") == R"("postgres://***@h:1/d?***")");
  CHECK(shown("projectConfig.redis_url") == R"("***")");
  CHECK(shown("projectConfig.redis_prefix") == R"("p:")");
  CHECK(shown("projectConfig.database_extra") == R"({"max":5,"ssl":{"ca":"***"}})");
  CHECK(shown("plugins") ==
        R"(["medusa-payment-manual",{"resolve":"medusa-fulfillment-manual","options":{"a":["***",1,true]}}])");
  config::Setting url{
      config::property("projectConfig.redis_url"), Json("redis://u:p?a@ss@h/1"), config::Source::file, {}};
  CHECK(config::shown_value(url).dump() == R"("redis://***@h/1")");
}

TEST_CASE("a finding tells what was found, what is accepted and what was meant") {
  const auto c =
      from(R"({"projectConfig":{"store_cors":1,"redis_options":{"maxRetris":1,"dbb":1}},"modules":{"cacheServic":true},
    "plugins":[1]})");
  const auto finding = [&](std::string_view key) {
    for (const config::Finding& f : c.findings)
      if (f.key == key) return f.found + "|" + f.accepted + "|" + f.nearest;
    return std::string("none");
  };
  CHECK(finding("projectConfig.store_cors") == "1|a text with origins separated by commas, or a list of them|");
  CHECK(finding("projectConfig.redis_options.dbb") == "||db");
  CHECK(finding("plugins[0]") == "a number|a package name, or an object with `resolve`|");
  CHECK(finding("modules.cacheServic").ends_with("|modules.cacheService"));
  CHECK(config::json_of(c.findings.front()).dump().find("\"line\":null") != std::string::npos);
}
