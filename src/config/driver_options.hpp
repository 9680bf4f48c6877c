// The options of the npm packages that a configuration hands to: `pg` (database_extra), `ioredis` (redis_options, and
// redisOptions of modules), `bullmq` (queueOptions, workerOptions and jobOptions of the event bus), and to Node's TLS below
// them. One table for each driver says which options have a meaning for a server without Node, and of which kind they are. Owns: the tables. Called while a configuration is checked; read by db, redis and events.
#pragma once
#include "base/json.hpp"
#include "config/properties.hpp"
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace config {

enum class Driver { pg, ioredis, bullmq_queue, bullmq_worker, bullmq_job, tls };
enum class Effect {
  used,
  none,    // means nothing here; the start says so
  refused, // its meaning would be lost, and the server would reach another machine than was meant
};

struct DriverOption {
  std::string_view name;
  Kind kind;
  Effect effect;
  std::string_view description;
};
std::span<const DriverOption> driver_options(Driver driver);

using Report = std::function<void(const std::string& key, const Remark& what)>;

// The options that are used, each in the form that its kind stands for; all others and all faults are reported, with
// `place` ("projectConfig.database_extra") before the name.
base::Json checked_driver_options(Driver driver, const base::Json& given, const std::string& place,
                                  const Report& problem, const Report& warning);

// What an option `ssl` or `tls` says, in the form that check(Kind::tls) leaves.
struct TlsOptions {
  enum class Verify { nothing, authority, everything }; // everything: the host's name too
  bool on = false;
  Verify verify = Verify::everything;
  // PEM texts; without `authorities` the machine's own count.
  std::string authorities, certificate, key, passphrase;
  std::string server_name; // verified in place of the host
};
TlsOptions tls_options(const base::Json& checked);

// The machine's authorities and those of NODE_EXTRA_CA_CERTS, as PEM text; empty where there are none. Read once.
const std::string& system_authorities();
// NODE_TLS_REJECT_UNAUTHORIZED=0, which many shops set in place of an option.
bool certificates_count();

} // namespace config
