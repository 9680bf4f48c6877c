#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include <algorithm>
#include <array>
#include <csv.h>
#include <exception>
#include <new>
#include <utility>

namespace base {
namespace {

constexpr std::string_view kMark = "\xef\xbb\xbf"; // of the byte order
constexpr std::size_t kLongestHead = 64 * 1024;    // in which the first line is looked for
constexpr std::size_t kPiece = 16 * 1024;          // parsed at once, so that few lines wait to be taken

// The separator that stands most often outside of quotes.
char separator_of(std::string_view head) {
  constexpr std::array kSeparators{';', ',', '\t', '|'};
  std::array<std::size_t, kSeparators.size()> times{};
  bool quoted = false;
  for (const char c : head) {
    if (c == '"') quoted = !quoted;
    const auto at = std::find(kSeparators.begin(), kSeparators.end(), c);
    if (!quoted && at != kSeparators.end()) times[static_cast<std::size_t>(at - kSeparators.begin())]++;
  }
  return kSeparators[static_cast<std::size_t>(std::max_element(times.begin(), times.end()) - times.begin())];
}

// Where the first line ends; npos: not yet.
std::size_t end_of_line(std::string_view text) {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (!quoted && (text[at] == '\n' || text[at] == '\r')) return at;
  }
  return std::string_view::npos;
}

// Blanks belong to their cell.
int is_blank(unsigned char) { return 0; }

} // namespace

struct CsvReader::Parser {
  Take take;
  CsvLimits limits;
  csv_parser csv{};
  bool begun = false;
  std::string head; // until its first line is there
  Cells cells;
  std::vector<Cells> lines;   // whole, and not taken yet
  std::exception_ptr failure; // that must not pass through libcsv

  Parser(Take t, CsvLimits l) : take(std::move(t)), limits(l) {
    if (csv_init(&csv, 0) != 0) throw std::bad_alloc();
    csv_set_space_func(&csv, is_blank);
  }
  ~Parser() { csv_free(&csv); }

  void refuse_long(std::size_t size) const {
    if (size > limits.cell) throw Error::invalid_data("a cell has more than " + std::to_string(limits.cell) + " bytes");
  }
  void add(std::string_view cell) {
    refuse_long(cell.size());
    if (cells.size() >= limits.cells)
      throw Error::invalid_data("a line has more than " + std::to_string(limits.cells) + " cells");
    if (!valid_utf8(cell) || cell.find('\0') != std::string_view::npos)
      throw Error::invalid_data("the file is not text in UTF-8");
    cells.emplace_back(cell);
  }
  void end_line() {
    const bool empty = cells.size() <= 1 && (cells.empty() || cells.front().empty());
    if (!empty) lines.push_back(std::move(cells));
    cells.clear();
  }
  template<class Step> void guarded(Step step) noexcept {
    if (failure) return;
    try {
      step();
    } catch (...) {
      failure = std::current_exception();
    }
  }
  static void on_cell(void* text, std::size_t size, void* self) {
    auto& parser = *static_cast<Parser*>(self);
    parser.guarded([&] { parser.add({static_cast<const char*>(text), size}); });
  }
  static void on_line(int, void* self) {
    auto& parser = *static_cast<Parser*>(self);
    parser.guarded([&] { parser.end_line(); });
  }
};

CsvReader::CsvReader(Take take, CsvLimits limits) : parser_(std::make_unique<Parser>(std::move(take), limits)) {}
CsvReader::~CsvReader() = default;

void CsvReader::feed(std::string_view bytes) {
  if (parser_->begun) return parse(bytes);
  parser_->head += bytes;
  if (parser_->head.size() >= kLongestHead || end_of_line(parser_->head) != std::string_view::npos) begin();
}

void CsvReader::begin() {
  parser_->begun = true;
  const std::string head = std::move(parser_->head);
  std::string_view text = head;
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  csv_set_delim(&parser_->csv, static_cast<unsigned char>(separator_of(text.substr(0, end_of_line(text)))));
  parse(text);
}

void CsvReader::parse(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, kPiece);
    if (csv_parse(&parser_->csv, piece.data(), piece.size(), Parser::on_cell, Parser::on_line, parser_.get()) !=
        piece.size())
      throw std::bad_alloc();
    hand_on();
    parser_->refuse_long(parser_->csv.entry_pos);
    bytes.remove_prefix(piece.size());
  }
}

void CsvReader::finish() {
  if (!parser_->begun) begin();
  csv_set_opts(&parser_->csv, CSV_STRICT | CSV_STRICT_FINI); // which a quote within a cell would not survive
  if (csv_fini(&parser_->csv, Parser::on_cell, Parser::on_line, parser_.get()) != 0)
    throw Error::invalid_data("the last quoted cell has no end");
  hand_on();
}

// The lines ahead of a failure have been read well.
void CsvReader::hand_on() {
  auto lines = std::exchange(parser_->lines, {});
  for (auto& line : lines) parser_->take(line);
  if (parser_->failure) std::rethrow_exception(parser_->failure);
}

void append_csv_cell(std::string& out, std::string_view cell, Commas commas) {
  const std::string_view separating = commas == Commas::quoted ? "\r\n;," : "\r\n;";
  if (cell.find_first_of(separating) == std::string_view::npos && !cell.starts_with('"')) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

} // namespace base
