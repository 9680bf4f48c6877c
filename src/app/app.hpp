// The composition root: makes the parts of a server from a configuration, starts them, stops them.
// Owns: the site (routes, sessions, secrets), the HTTP server, the event bus. Used by cli on the main thread.
#pragma once
#include "config/config.hpp"
#include "db/options.hpp"
#include <memory>
#include <string>

namespace app {

// Refuses a database without Medusa's tables (Medusa 1.20: "Migrations missing. ..."), fills the rows that a shop can't
// be without, and marks which providers are installed. Throws base::Error with a sentence for the operator.
void prepare_database(const config::Config& config, const db::Options& database);

class App {
 public:
  // Checks what can be checked without listening: entities, routes. `config` must outlive the App.
  App(const config::Config& config, db::Options database);
  ~App(); // stops

  // Returns when the server accepts requests. Throws std::runtime_error when it can't listen.
  void start();
  unsigned short port() const;
  // Stops accepting, finishes what has begun, and returns.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Registers the entities once and throws std::logic_error when their descriptions contradict each other.
void describe_entities();

} // namespace app
