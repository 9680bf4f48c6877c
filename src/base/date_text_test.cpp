#include "base/date_text.hpp"
#include "base/json.hpp"
#include <cstdio>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <unistd.h>

namespace {

constexpr std::string_view kNothing = "Invalid Date";

// Milliseconds since 1970, as Date.prototype.getTime says them.
std::string ours(std::string_view text) {
  const auto instant = base::parse_date(text);
  return instant ? std::to_string(instant->time_since_epoch().count() / 1000) : std::string(kNothing);
}

// What Node's own Date makes of each of these texts.
std::vector<std::string> nodes(const std::vector<std::string>& texts) {
  const auto path = std::filesystem::temp_directory_path() / ("stheno-dates-" + std::to_string(::getpid()) + ".json");
  base::JsonArray list(texts.begin(), texts.end());
  std::ofstream(path) << base::Json(std::move(list)).dump();
  const std::string command =
      "TZ=UTC node -e 'for (const text of JSON.parse(require(\"fs\").readFileSync(\"" + path.string() +
      "\"))) { const at = new Date(text).getTime(); console.log(isNaN(at) ? \"Invalid Date\" : String(at)); }'";
  std::vector<std::string> answers;
  {
    const std::unique_ptr<FILE, int (*)(FILE*)> node(::popen(command.c_str(), "r"), ::pclose);
    REQUIRE(node);
    for (char line[64]; std::fgets(line, sizeof line, node.get());) {
      answers.emplace_back(line);
      answers.back().pop_back();
    }
  }
  std::filesystem::remove(path);
  return answers;
}

// Texts of what dates are made of, in every order, the same in every run.
std::vector<std::string> made_texts(std::size_t count) {
  static constexpr std::string_view parts[]{"2020",        "1990",       "05",
                                            "01",          "1",          "31",
                                            "12",          "13",         "0",
                                            "99",          "60",         "000123",
                                            "10:00",       "9:05",       "23",
                                            "59:59",       ".5",         ".123456",
                                            "T10:30",      "T24:00",     "Z",
                                            "z",           "GMT",        "UTC",
                                            "EST",         "PDT",        "AM",
                                            "pm",          "Jan",        "february",
                                            "May",         "Sept",       "decem",
                                            "Mon",         "noon",       "+02:00",
                                            "-0530",       "+7",         "+",
                                            "-",           "-",          "-",
                                            "/",           "/",          ":",
                                            "::",          ".",          ",",
                                            " ",           " ",          " ",
                                            "(x (y))",     ")",          "(",
                                            "\t",          "\u00a0",     "\u2009",
                                            "\u00e9",      "2020-05-01", "01-26-1990",
                                            "2020-05-01T", "2020/1/5",   "+012345-01-01",
                                            "-000001",     "275760",     "1704067200000",
                                            "_",           "8640000000"};
  std::mt19937 random(20'240'501); // NOLINT(cert-msc51-cpp): the same texts in every run
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; i++) {
    std::string text;
    for (std::size_t left = 1 + random() % 6; left > 0; left--) text += parts[random() % std::size(parts)];
    texts.push_back(std::move(text));
  }
  return texts;
}

} // namespace

// Computed by Node 20.
TEST_CASE("dates as JavaScript reads them") {
  std::ifstream table(std::string(STHENO_SOURCE_DIR) + "/tests/data/dates.tsv");
  int rows = 0;
  for (std::string line; std::getline(table, line); rows++) {
    const auto tab = line.find('\t');
    const std::string text = base::parse_json(line.substr(tab + 1)).as_string();
    CAPTURE(text);
    CHECK(ours(text) == line.substr(0, tab));
  }
  CHECK(rows > 100);
}

TEST_CASE("dates are read as the Node that is here reads them") {
  const auto texts = made_texts(20'000);
  const auto expected = nodes(texts);
  REQUIRE(expected.size() == texts.size());
  int dates = 0;
  for (std::size_t i = 0; i < texts.size(); i++) {
    const auto found = ours(texts[i]);
    if (found != kNothing) dates++;
    if (found != expected[i]) FAIL_CHECK(base::Json(texts[i]).dump() << " is " << expected[i] << ", not " << found);
  }
  CHECK(dates > 1000);
}
