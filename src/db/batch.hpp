// Statements that are sent together, and a named slot for the result of each, so that no code counts results.
// Owns: the statements until they are sent, then the results, which live as long as one of their slots.
// Called by services, on the fiber of the request.
#pragma once
#include "db/db.hpp"
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace db {

struct Kept; // kept_rows.hpp

class Batch {
 public:
  // The result of one statement, once the batch has been sent. A default one belongs to a statement that was not needed.
  class Slot {
   public:
    Slot() = default;
    explicit operator bool() const { return results_ != nullptr; }
    const Result& operator*() const; // throws std::logic_error before the batch has been sent
    const Result* operator->() const { return &**this; }

   private:
    friend class Batch;
    Slot(std::shared_ptr<const std::vector<Result>> results, std::size_t at) : results_(std::move(results)), at_(at) {}
    std::shared_ptr<const std::vector<Result>> results_;
    std::size_t at_ = 0;
  };

  Batch() = default;
  // Statements whose results nobody wants.
  explicit Batch(std::vector<Command> queries) : queries_(std::move(queries)) {}

  Slot add(Command query);
  // The rows of these keys, which may be at hand (kept_rows.hpp), in the order of the keys, each of which counts once; with what is at hand alone run() asks
  // nobody. Where others send the batch (take), all is asked.
  Slot add(const Kept& question, std::vector<std::string> keys);
  // Sends all in one round trip.
  void run(Session& session);

  // For whoever sends them ahead of statements of his own: the statements, whose results come back by `give`.
  std::vector<Command> take() { return std::exchange(queries_, {}); }
  void give(std::vector<Result> results);

 private:
  // A statement whose answer may be at hand.
  struct Wish {
    const Kept* question;
    std::vector<std::string> keys;
    std::size_t at; // in queries_
  };
  std::vector<Result> run_with(KeptRows& rows, Session& session);
  std::vector<Command> queries_;
  std::vector<Wish> wishes_;
  std::shared_ptr<std::vector<Result>> results_ = std::make_shared<std::vector<Result>>();
};

} // namespace db
