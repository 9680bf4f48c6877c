// Whoever says what is taxed how: what a tax plugin provides, and the table of those that are installed.
// Regions without a provider use the system's own, which is arithmetic of commerce/tax and not in this table.
// Owns: the table, filled at start by app and read-only afterwards (any thread). Providers run on the
// request's fiber. Medusa 1.20: AbstractTaxService, as TaxProviderService calls it.
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"
#include "ports/provider_table.hpp"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ports {

struct TaxProviderRate {
  std::optional<double> rate; // percent
  std::string name;
  std::optional<std::string> code;
};
// A line item or a shipping method, and the rates that this shop has for it.
struct Taxable {
  std::string id;
  base::Json row; // its columns
  std::vector<TaxProviderRate> rates;
  std::int64_t discount = 0; // minor units, of the whole line
};
struct TaxProviderLine {
  std::string id; // of the Taxable
  double rate = 0;
  std::string name;
  std::optional<std::string> code;
};
struct TaxContext {
  base::Json region, shipping_address, customer; // objects or null
  bool is_return = false;
};

class TaxProvider {
 public:
  virtual ~TaxProvider() = default;
  virtual std::string_view id() const = 0;
  // Lines of items and of methods alike.
  virtual std::vector<TaxProviderLine> tax_lines(Call& call, const std::vector<Taxable>& items,
                                                 const std::vector<Taxable>& methods,
                                                 const TaxContext& context) const = 0;
};

void add_tax_provider(std::unique_ptr<TaxProvider> provider);
void add_tax_providers(Elsewhere<TaxProvider> elsewhere);
// Throws not_found for an id without a provider.
const TaxProvider& tax_provider(std::string_view id);

} // namespace ports
