#include "base/csv.hpp"
#include "base/error.hpp"
#include <doctest/doctest.h>

namespace {

using Lines = std::vector<base::CsvReader::Cells>;

Lines read(std::string_view text, std::size_t piece = 1, base::CsvLimits limits = {}) {
  Lines lines;
  base::CsvReader reader([&](auto& cells) { lines.push_back(cells); }, limits);
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) reader.feed(text.substr(0, piece));
  reader.finish();
  return lines;
}

} // namespace

TEST_CASE("csv: what spreadsheets write") {
  struct Case {
    const char *what, *text;
    Lines lines;
  };
  for (const auto& [what, text, lines] : {
           Case{"semicolons", "a;b\r\n1;2\r\n", {{"a", "b"}, {"1", "2"}}},
           Case{"commas, and no end of the last line", "a,b\n1,2", {{"a", "b"}, {"1", "2"}}},
           Case{"tabs, and ends of old", "a\tb\r1\t2\r", {{"a", "b"}, {"1", "2"}}},
           Case{"a byte order mark", "\xef\xbb\xbf\"a\";b\n", {{"a", "b"}}},
           Case{"ends of lines, separators and quotes within quotes",
                "a;b\r\n\"1\r\n;2\";\"\"\"x\"\"\"\r\n",
                {{"a", "b"}, {"1\r\n;2", "\"x\""}}},
           Case{"a quote within a cell", "a;b\n5\" pipe;x\n", {{"a", "b"}, {"5\" pipe", "x"}}},
           Case{"blanks stay", "a;b\n 1 ; \" 2\"\n", {{"a", "b"}, {" 1 ", " \" 2\""}}},
           Case{"empty cells and empty lines", "a;b\n\n;\n\r\n", {{"a", "b"}, {"", ""}}},
           Case{"commas in a quoted heading", "\"a,b,c\";d\n", {{"a,b,c", "d"}}},
           Case{"nothing", "", {}},
       }) {
    CAPTURE(what);
    for (const std::size_t piece : {1, 2, 7, 1000}) CHECK(read(text, piece) == lines);
  }
}

TEST_CASE("csv: what is no table is refused") {
  CHECK_THROWS_WITH(read("a;b\n\"1;2\n"), "the last quoted cell has no end");
  CHECK_THROWS_WITH(read("a;b\n\xff;2\n"), "the file is not text in UTF-8");
  CHECK_THROWS_WITH(read("a;b;c\n", 1, {.cells = 2}), "a line has more than 2 cells");
  CHECK_THROWS_WITH(read("a;" + std::string(100, 'x'), 10, {.cell = 20}), "a cell has more than 20 bytes");
}

TEST_CASE("csv: a cell that is written reads back") {
  for (const std::string cell :
       {"plain", "a;b", "a,b", "a\nb", "a\rb", "\"quoted\"", "5\" pipe", "5\", wide", "", " "}) {
    std::string line = "x;";
    base::append_csv_cell(line, cell);
    CHECK(read(line + "\r\n") == Lines{{"x", cell}});
  }
  std::string plain;
  base::append_csv_cell(plain, "5\" pipe"); // as 1.20 writes it
  CHECK(plain == "5\" pipe");
}
