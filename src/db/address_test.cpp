#include "base/error.hpp"
#include "db/address_impl.hpp"
#include <cstdlib>
#include <doctest/doctest.h>

namespace {
std::string parsed(const char* url) { return db::parse_url(url).values.dump(); }

db::Options options_of(const char* url, const char* client = "{}") {
  db::Options options;
  options.url = url;
  options.client = base::parse_json(client);
  return options;
}
std::string keyword(const db::Address& address, const char* name) {
  const std::string* found = address.find(name);
  return found ? *found : "";
}
std::string keyword(const char* url, const char* name, const char* client = "{}") {
  return keyword(db::address_of(options_of(url, client)), name);
}
std::string refusal(const char* url) {
  try {
    db::address_of(options_of(url));
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}
} // namespace

// The expected values are what pg 8.23 makes of the same URLs.
TEST_CASE("URLs are read as node-postgres reads them") {
  CHECK(parsed("postgres://u:p@h:1/d") == R"({"user":"u","password":"p","host":"h","port":"1","database":"d"})");
  CHECK(parsed("postgres://u:p@w@h/db") == R"({"user":"u","password":"p@w","host":"h","database":"db"})");
  CHECK(parsed("postgres://u:p%ZZ@h/db%20x") == R"({"user":"u","password":"p%ZZ","host":"h","database":"db x"})");
  CHECK(parsed("postgresql://[::1]:77/db") == R"({"host":"::1","port":"77","database":"db"})");
  CHECK(parsed("/var/run/pg db") == R"({"host":"/var/run/pg","database":"db"})");
  CHECK(parsed("socket://u:p@/var/run/pg?db=dd") ==
        R"({"db":"dd","user":"u","password":"p","host":"/var/run/pg","database":"dd"})");
  CHECK(parsed("postgres://u:p@%2Fvar%2Frun%2Fpg/db") ==
        R"({"user":"u","password":"p","host":"/var/run/pg","database":"db"})");
  CHECK(parsed("postgres://x@y/db?host=%2Frun&port=7&user=u+1&password=w") ==
        R"({"host":"/run","port":"7","user":"u 1","password":"w","database":"db"})");
  CHECK(parsed("postgres://a,b:2,[::3]/d") == R"({"host":"a,b,::3","port":",2,","database":"d"})");
  CHECK(parsed("host=h dbname='d 1'") == R"({"database":"d 1","host":"h"})");
  CHECK(parsed("").size() == 2);
  CHECK(refusal("mysql://u:secret@h/d").find("only postgres") != std::string::npos);
  CHECK(refusal("word").find("no scheme") != std::string::npos);
  CHECK(refusal("postgres://u:se:c/ret@h/d").find("percent-encode") != std::string::npos);
  CHECK(refusal("postgres://u:secret@h:x/d").find("secret") == std::string::npos);
  // What ends a part of a URL may stand in a password; then no part of it is shown, nor asked for as a host.
  for (const char* url : {"postgres://u:secret#r@h/d", "postgres://u:1#secret@h/d", "postgres://u:secret/r@h/d",
                          "postgres://u:s@secret/r@h/d", "postgres://u:secret?r@h/d", "postgres://u:1?secret=r@h/d",
                          "postgres://secret#@h/d", "secret=r@h", "password='secret"}) {
    CHECK_MESSAGE(refusal(url).find("percent-encode") != std::string::npos, url);
    CHECK_MESSAGE(refusal(url).find("secret") == std::string::npos, url);
  }
  CHECK(parsed("postgres://h/d?user=me@there") == R"({"user":"me@there","host":"h","database":"d"})");
}

TEST_CASE("the URL wins over the options beside it, which win over the defaults") {
  CHECK(keyword("postgres://a@h/d", "user", R"({"user":"b"})") == "a");
  CHECK(keyword("postgres://h/d", "user", R"({"user":"b"})") == "b");
  CHECK(keyword("", "host") == (std::getenv("PGHOST") ? "" : "localhost"));
  CHECK(keyword("postgres://h/", "dbname", R"({"database":"x"})") == "x");
  auto options = options_of("postgres://h/", "{}");
  options.database = "y";
  CHECK(keyword(db::address_of(options), "dbname") == "y");
  CHECK(keyword("postgres://h/d?application_name=u", "application_name", R"({"application_name":"o"})") == "u");
  CHECK(keyword("postgres://h/d", "keepalives", R"({"keepAlive":false})") == "0");
  CHECK(keyword("postgres://h/d", "keepalives_idle", R"({"keepAliveInitialDelayMillis":1500})") == "2");
  CHECK(keyword("postgres://h/d?target_session_attrs=read-write", "target_session_attrs") == "read-write");
  CHECK(keyword("postgres://h/d?pgbouncer=true", "pgbouncer").empty());
  CHECK(db::address_of(options_of("postgres://h/d?connect_timeout=3")).patience == std::chrono::seconds(3));
  const auto timeouts = db::address_of(options_of("postgres://h/d?lock_timeout=5", R"({"statement_timeout":9,
    "query_timeout":7,"lock_timeout":6,"idle_in_transaction_session_timeout":8})"))
                            .settings;
  CHECK(timeouts ==
        db::Settings{{"statement_timeout", "7"}, {"lock_timeout", "5"}, {"idle_in_transaction_session_timeout", "8"}});
}

TEST_CASE("settings among the options of an address are taken out, for poolers") {
  const auto apart = [](const char* options) {
    auto address = db::address_of(options_of("postgres://h/d?statement_timeout=5", "{}"));
    address.set("options", options);
    db::take_options_apart(address);
    return address;
  };
  const auto taken = apart("  -c work_mem=5MB --search-path=a\\ b,c -cgeqo=off ");
  CHECK(taken.settings ==
        db::Settings{{"work_mem", "5MB"}, {"search_path", "a b,c"}, {"geqo", "off"}, {"statement_timeout", "5"}});
  CHECK(!taken.find("options"));
  for (const char* other : {"-B 3", "-c", "-c name", "word"}) {
    const auto left = apart(other);
    CHECK(left.settings.size() == 1);
    CHECK(*left.find("options") == other);
  }
}

TEST_CASE("a schema's name is quoted in the search path, which wins over the URL's") {
  auto options = options_of("postgres://h/d", "{}");
  options.schema = "Shop \"1\"";
  const auto settings = db::settings_of(options, db::address_of(options));
  CHECK(settings.front() == std::pair<std::string, std::string>("TimeZone", "UTC"));
  CHECK(settings.back() == std::pair<std::string, std::string>("search_path", "\"Shop \"\"1\"\"\""));
}

TEST_CASE("TLS: any sslmode of node-postgres but no-verify verifies") {
  CHECK(keyword("postgres://h/d", "sslmode") == (std::getenv("PGSSLMODE") ? "" : "allow"));
  CHECK(keyword("postgres://h/d?sslmode=disable", "sslmode") == "disable");
  CHECK(keyword("postgres://h/d?ssl=0", "sslmode") == "disable");
  for (const char* mode :
       {"sslmode=allow", "sslmode=prefer", "sslmode=require", "sslmode=verify-ca", "ssl=true", "ssl=1"})
    CHECK(keyword((std::string("postgres://h/d?sslrootcert=/ca&") + mode).c_str(), "sslmode") == "verify-full");
  CHECK(keyword("postgres://h/d?sslmode=no-verify", "sslmode") == "require");
  CHECK(keyword("postgres://h/d?ssl=no-verify", "sslrootcert") == "/dev/null/none");
  CHECK(keyword("postgres://h/d?sslmode=verify-full&sslrootcert=/ca", "sslrootcert") == "/ca");
  CHECK(keyword("postgres://h/d?uselibpqcompat=true&sslmode=require", "sslmode") == "require");
  CHECK(keyword("host=h sslmode=prefer", "sslmode") == "prefer");
  CHECK(refusal("postgres://h/d?sslmode=maybe").find("sslmode is maybe") != std::string::npos);
  // The URL's word counts, as it does for node-postgres.
  CHECK(keyword("postgres://h/d?sslmode=require&sslrootcert=/ca", "sslmode",
                R"({"ssl":{"rejectUnauthorized":false}})") == "verify-full");
  CHECK(keyword("postgres://h/d", "sslmode", R"({"ssl":false})") == "disable");
  CHECK(keyword("postgres://h/d", "sslmode", R"({"ssl":{"rejectUnauthorized":false}})") == "require");
  CHECK(keyword("postgres://h/d", "sslmode", R"({"ssl":{"ca":"PEM"}})") == "verify-full");
  CHECK(keyword("postgres://h/d", "sslmode",
                R"({"ssl":{"ca":"PEM","checkServerIdentity":{"$type":"function","answer":true}}})") == "verify-ca");
  const auto named =
      db::address_of(options_of("postgres://10.0.0.1/d", R"({"ssl":{"ca":"PEM","servername":"db.example"}})"));
  CHECK(keyword(named, "host") == "db.example");
  CHECK(keyword(named, "hostaddr") == "10.0.0.1");
}

TEST_CASE("a certificate is handed over in a file that only this process can read") {
  const auto address = db::address_of(options_of("postgres://h/d", R"({"ssl":{"ca":"THE CA","cert":"C","key":"K"}})"));
  REQUIRE(address.files.size() == 3);
  const std::string path = keyword(address, "sslrootcert");
  std::FILE* file = std::fopen(path.c_str(), "r");
  REQUIRE(file);
  char text[16] = {};
  CHECK(std::fread(text, 1, sizeof text, file) == 6);
  std::fclose(file);
  CHECK(std::string(text) == "THE CA");
}
