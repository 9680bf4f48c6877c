// Tables as spreadsheets write them: lines of cells, read piece by piece, whatever their size. Owns the state of libcsv, which
// csv.cpp alone knows. Called by what imports and exports tables; any thread.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace base {

struct CsvLimits {
  std::size_t cell = 1024 * 1024; // bytes
  std::size_t cells = 4096;       // of a line
};

// Reads UTF-8, with or without a byte order mark. Cells stand between semicolons, commas, tabs or bars: the first line says
// which. Quoted cells may hold all of these and ends of lines; a line ends with CR, LF or both. Empty lines are overlooked.
class CsvReader {
 public:
  using Cells = std::vector<std::string>;
  using Take = std::function<void(Cells& cells)>;
  // `take` is called for each line, within feed() and finish(); what it throws comes out there.
  explicit CsvReader(Take take, CsvLimits limits = {});
  ~CsvReader();
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  // Both throw invalid_data for what is no table or goes beyond the limits.
  void feed(std::string_view bytes);
  void finish();

 private:
  struct Parser;
  void begin();
  void parse(std::string_view bytes);
  void hand_on();
  const std::unique_ptr<Parser> parser_;
};

// Appends a cell, quoted where it would be taken apart otherwise: by semicolons, ends of lines or a quote at its beginning, and
// by commas where a reader may think that they separate. Medusa 1.20: csvCellContentFormatter.
enum class Commas { quoted, plain };
void append_csv_cell(std::string& out, std::string_view cell, Commas commas = Commas::quoted);

} // namespace base
