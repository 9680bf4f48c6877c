#include "commerce/batch_job/import_file.hpp"
#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/batch_job/product_table.hpp"
#include "ports/file_service.hpp"
#include <algorithm>
#include <cctype>
#include <charconv>

namespace commerce::batch_job {

using base::Error;

namespace {

// A page: so many lines, or fewer that hold much.
constexpr std::size_t kLines = 200, kBytes = 1024 * 1024;
constexpr std::size_t kPiece = 64 * 1024; // of the file

} // namespace

Error parsing_failed(std::string_view why) {
  return Error::invalid_data("The csv file parsing failed due to: " + std::string(why));
}

std::string ImportFile::key(const ports::BatchJobRun& run) {
  const auto& key = run.context["fileKey"];
  if (!key.is_string()) throw Error::invalid_data("fileKey must be a string");
  return key.as_string();
}

void ImportFile::read(const Page& page) {
  const auto file = ports::file_service().open_download(run_.call, key(run_));
  std::size_t columns = 0, bytes = 0;
  std::int64_t number = 0;
  std::vector<ImportLine> lines;
  std::vector<Cells> parsed;
  base::CsvReader reader([&](Cells& cells) { parsed.push_back(std::move(cells)); });
  const auto hand_on = [&] {
    if (!lines.empty()) page(lines);
    lines.clear();
    bytes = 0;
  };
  const auto take = [&](Cells& cells) {
    if (columns == 0) {
      columns = cells.size();
      try {
        return headings_(cells);
      } catch (const Error& fault) {
        throw parsing_failed(fault.what());
      }
    }
    // As 1.20 says it of cells beyond the last heading.
    if (cells.size() > columns)
      throw parsing_failed(
          "Unable to treat column __parsed_extra from the csv file. No target column found in the provided "
          "schema");
    cells.resize(columns);
    for (const auto& cell : cells) bytes += cell.size();
    lines.push_back({++number, std::move(cells)});
    if (lines.size() >= kLines || bytes >= kBytes) hand_on();
  };
  const auto parse = [&](const auto& step) {
    try {
      step();
    } catch (const Error& fault) {
      throw parsing_failed(fault.what());
    }
    for (auto& cells : parsed) take(cells);
    parsed.clear();
  };
  std::string piece(kPiece, '\0');
  while (const auto size = file->read(piece.data(), piece.size())) parse([&] { reader.feed({piece.data(), size}); });
  parse([&] { reader.finish(); });
  hand_on();
}

double number_in(std::string_view heading, std::string_view cell) {
  const auto text = base::trim(cell);
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (fault != std::errc() || end != text.data() + text.size() || !(value > -1e15 && value < 1e15))
    throw Error::invalid_data(std::string(heading) +
                              " must be a number, such as 12.5: " + std::string(text.substr(0, 50)));
  return value;
}

std::optional<PriceHeading> price_heading(std::string_view heading) {
  constexpr std::string_view kPrice = "Price ";
  const auto is_code = [](std::string_view text) {
    return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  };
  if (!heading.starts_with(kPrice)) return std::nullopt;
  const auto rest = heading.substr(kPrice.size());
  if (is_code(rest)) return PriceHeading{.currency_code = base::lower(rest)};
  constexpr std::size_t kCode = 6; // " [USD]"
  if (rest.size() < kCode || !rest.ends_with(']') || rest.substr(rest.size() - kCode, 2) != " [" ||
      !is_code(rest.substr(rest.size() - 4, 3)))
    return std::nullopt;
  return PriceHeading{.region_name = std::string(rest.substr(0, rest.size() - kCode))};
}

Regions::Regions(ports::Call& call) {
  static const db::Statement statement(
      "SELECT name, id, currency_code FROM region WHERE deleted_at IS NULL ORDER BY created_at, id");
  const auto rows = call.db().run(statement);
  for (int row = 0; row < rows.rows(); ++row)
    by_name_.push_back(
        {std::string(rows.text(row, 0)), {std::string(rows.text(row, 1)), std::string(rows.text(row, 2))}});
}

const NamedRegion* Regions::find(std::string_view name) const {
  for (const auto& [known, region] : by_name_)
    if (known == name) return &region;
  return nullptr;
}

const NamedRegion& Regions::get(const std::string& name) const {
  if (const auto* region = find(name)) return *region;
  throw Error::invalid_data("Trying to set a price for a region " + name + " that doesn't exist");
}

base::Json price_of(const PriceHeading& heading, std::string_view said_as, std::string_view cell,
                    const Regions& regions) {
  const double amount = number_in(said_as, cell);
  if (amount < 0) throw Error::invalid_data(std::string(said_as) + " must not be less than 0");
  if (heading.region_name.empty())
    return base::JsonObject{{"currency_code", heading.currency_code},
                            {"amount", minor_units(amount, heading.currency_code)}};
  const auto& region = regions.get(heading.region_name);
  return base::JsonObject{{"region_id", region.id}, {"amount", minor_units(amount, region.currency_code)}};
}

} // namespace commerce::batch_job
