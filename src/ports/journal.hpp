// What one transaction has asked outside. No lock is held meanwhile: a transaction that needs an answer is rolled back,
// the answer is fetched, and the transaction runs from its start with the answer at hand. What changed in between, it sees.
//
// A lasting ask has a row in `stheno_ask` from before it is sent until what came of it is committed. So two requests never
// ask for the same thing at once, an answer outlives the server, and what a dead server asked for is brought to its end
// (settle_left). Owns the table; one Journal per outermost Call::atomic(), on its fiber.
#pragma once
#include "db/db.hpp"
#include "ports/outside.hpp"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ports {

// Thrown by Call::ask() where there is no answer yet, caught by Call::atomic() alone: not a failure.
struct Unanswered {
  Ask ask;
};

class Journal {
 public:
  Journal(db::Database& database, Outside* outside) : database_(database), outside_(outside) {}

  // A run of the transaction begins: no answer is used yet.
  void begin_run();
  // The answer, if it is at hand and not used in this run. Throws what the provider has refused with.
  std::optional<base::Json> answer(const Ask& ask);
  // The same id in each run; another one each time that a run asks for what has the same name.
  const std::string& id(std::string_view prefix, std::string_view what);
  // Fetches it, outside of any transaction; of a lasting ask the first call only writes it down. The work runs again before
  // it is sent: what another request has committed by then, it sees, and doesn't ask for once more. Throws conflict where
  // another request asks for the same thing now, and ProviderError where nobody knows whether it was done.
  void fetch(const Ask& ask);
  // Takes the rows of the answers that this run has used away, with its COMMIT; nullopt where there are none.
  std::optional<db::Command> use_up() const;
  void committed();
  // Takes the rows away of what was written down and never sent.
  void drop_unsent();
  // The lasting asks whose answers nobody has used.
  struct Left {
    Ask ask;
    base::Json answer;
    std::string token;
  };
  std::vector<Left> left() const;

 private:
  struct Entry {
    Ask ask;
    bool sent = true; // false: written down
    std::optional<base::Json> answer{};
    std::optional<ProviderError> refusal{};
    std::string token{}; // of its row
    bool used = false;
    bool settled = false; // has no row any more
  };
  // Its row; an answer that a dead request has left there.
  std::optional<base::Json> write_down(const Ask& ask, const std::string& token);
  db::Database& database_;
  Outside* outside_;
  std::vector<Entry> entries_;
  std::map<std::string, std::vector<std::string>> ids_; // by what they are for
  std::map<std::string, std::size_t> ids_used_;         // in this run
};

// Creates the table where it is missing.
void install_asks(db::Database& database);
// Runs the settlement of an answered ask, and takes its row away with it. Nothing happens where somebody else has done so.
void settle(Call& call, const Journal::Left& left);
// Brings to an end what servers that are gone have asked for: of this machine at once, of others two minutes after their
// last sign of life. Asks again where that is safe, and settles. What nobody can know is told in the log.
void settle_left(Call& call);

} // namespace ports
