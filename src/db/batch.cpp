#include "db/batch.hpp"
#include "db/kept_rows.hpp"
#include <stdexcept>
#include <unordered_map>

namespace db {

Batch::Slot Batch::add(Command query) {
  queries_.push_back(std::move(query));
  return {results_, queries_.size() - 1};
}

Batch::Slot Batch::add(const Kept& question, std::vector<std::string> keys) {
  const auto slot = add({question.statement, Params::of(keys)});
  wishes_.push_back({&question, std::move(keys), queries_.size() - 1});
  return slot;
}

void Batch::run(Session& session) {
  KeptRows* rows = wishes_.empty() ? nullptr : session.kept_rows();
  if (rows && changes(*rows, queries_)) rows = nullptr;
  give(rows ? run_with(*rows, session) : session.batch(take()));
}

// Where kept rows were not confirmed for this request yet, all is asked, with the question whether they hold; else what is missing.
std::vector<Result> Batch::run_with(KeptRows& rows, Session& session) {
  auto queries = take();
  const auto wishes = std::exchange(wishes_, {});
  const auto sent_at = rows.clock();
  const auto known_until = confirmed(rows);
  std::vector<PackedRowsOf> found;
  std::vector<bool> sent(queries.size(), true);
  for (const Wish& wish : wishes) {
    auto& of = found.emplace_back(*wish.question, wish.keys);
    if (known_until) of.find(rows);
    sent[wish.at] = !of.missing().empty();
    if (sent[wish.at]) queries[wish.at].params = Params::of(of.missing());
  }
  std::vector<Command> asked;
  if (!known_until) asked.push_back(rows.look());
  for (std::size_t i = 0; i < queries.size(); i++)
    if (sent[i]) asked.push_back(std::move(queries[i]));
  auto answers = session.batch(std::move(asked));
  std::size_t next = 0;
  // What is kept of these was read behind the look and sent at `sent_at`.
  auto until = known_until ? sent_at : 0;
  if (!known_until) {
    const auto judged = rows.judge(answers[next++]);
    confirm(rows, judged);
    until = judged ? sent_at : 0;
  }
  std::vector<Result> results(queries.size());
  for (std::size_t i = 0; i < queries.size(); i++)
    if (sent[i]) results[i] = std::move(answers[next++]);
  for (std::size_t i = 0; i < wishes.size(); i++) {
    auto& result = results[wishes[i].at];
    if (sent[wishes[i].at]) found[i].take(rows, result, until);
    result = found[i].result();
  }
  return results;
}

void Batch::give(std::vector<Result> results) { *results_ = std::move(results); }

const Result& Batch::Slot::operator*() const {
  if (!results_ || at_ >= results_->size()) throw std::logic_error("a statement's result is wanted before it was sent");
  return (*results_)[at_];
}

} // namespace db
