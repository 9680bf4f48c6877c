#include "app/defaults.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/payment/providers.hpp"
#include "commerce/shipping/providers.hpp"
#include "commerce/store/defaults.hpp"
#include "db/migrations.hpp"
#include "db/place.hpp"
#include "ports/file_service.hpp"
#include "ports/fulfillment_provider.hpp"
#include "ports/payment_provider.hpp"

namespace app {

void install_providers(const config::Config& config) {
  const bool manual = config.plugin("medusa-payment-manual") != nullptr;
  commerce::payment::add_native_providers(manual ? commerce::payment::Manual::installed
                                                 : commerce::payment::Manual::absent);
  if (config.plugin("medusa-fulfillment-manual")) commerce::shipping::add_manual_provider();
  if (const auto folder = local_folder(config)) ports::set_file_service(commerce::file::local_service(*folder));
}

std::optional<commerce::file::LocalFolder> local_folder(const config::Config& config) {
  const auto* plugin = config.plugin("@medusajs/file-local");
  if (!plugin) return std::nullopt;
  return commerce::file::local_folder(plugin->options, config.project);
}

void check_schema(db::Session& session, const config::Config& config) {
  db::require_readable(db::place_of(session, config));
  const db::MigrationState state = db::migration_state(session, config);
  if (!state.pending()) return;
  if (!state.partial.empty())
    throw base::Error::not_allowed("The database has the schema of an older Medusa: bring it to 1.20.11 with Medusa's "
                                   "own `medusa migrations run`, then start again.");
  const bool empty = !state.missing.empty() && state.missing.front() == "core";
  throw base::Error::not_allowed("Migrations missing" + (empty ? "" : " (" + base::join(state.missing, ", ") + ")") +
                                 ". Run `stheno migrations run` and try again.");
}

void ensure_defaults(db::Database& database, const config::Config& config) {
  ports::Call call(database, config, config.flags);
  auto payment = ports::payment_provider_ids();
  std::erase(payment, "system");
  commerce::store::ensure_defaults(call, {.payment = payment,
                                          .fulfillment = ports::fulfillment_provider_ids(),
                                          .notification = {},
                                          .tax = {},
                                          .others = config.foreign.empty()
                                                        ? commerce::store::InstalledProviders::Others::marked_absent
                                                        : commerce::store::InstalledProviders::Others::left});
}

} // namespace app
