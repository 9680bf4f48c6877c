// The table that an import reads: a file of the file service, line by line, in pages that fit into the memory.
// Owns nothing but what it has read and not handed on. Called by the strategies of imports, on the runner's fiber.
// Medusa 1.20: CsvParser.
#pragma once
#include "base/error.hpp"
#include "ports/batch_job_strategy.hpp"
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::batch_job {

struct ImportLine {
  std::int64_t number;            // of the lines below the headings, from 1 on
  std::vector<std::string> cells; // one for each heading
};

class ImportFile {
 public:
  using Cells = std::vector<std::string>;
  // `headings` is given those of the file, once; what it throws is said to be the file's fault, as 1.20 says it.
  using Headings = std::function<void(const Cells& headings)>;
  using Page = std::function<void(std::vector<ImportLine>& lines)>;

  // Of the job's context.fileKey. Throws what the file service refuses.
  ImportFile(ports::BatchJobRun& run, Headings headings) : run_(run), headings_(std::move(headings)) {}
  // From its beginning to its end.
  void read(const Page& page);
  // The key of the file.
  static std::string key(const ports::BatchJobRun& run);

 private:
  ports::BatchJobRun& run_;
  const Headings headings_;
};

// "The csv file parsing failed due to: ..."
base::Error parsing_failed(std::string_view why);

// A number as people write it, with a point; refuses anything else in the name of its heading. An empty cell is none.
double number_in(std::string_view heading, std::string_view cell);

// Where a heading says that prices stand: "Price EUR", "Price North America [USD]".
struct PriceHeading {
  std::string currency_code{}, region_name{}; // one of them
};
std::optional<PriceHeading> price_heading(std::string_view heading);

// The shop's regions by name, for those headings.
struct NamedRegion {
  std::string id, currency_code;
};
class Regions {
 public:
  explicit Regions(ports::Call& call);
  // Null for one that is not there; get() throws invalid_data then.
  const NamedRegion* find(std::string_view name) const;
  const NamedRegion& get(const std::string& name) const;

 private:
  std::vector<std::pair<std::string, NamedRegion>> by_name_;
};

// A price of a body: in minor units, of a region or a currency.
base::Json price_of(const PriceHeading& heading, std::string_view said_as, std::string_view cell,
                    const Regions& regions);

} // namespace commerce::batch_job
