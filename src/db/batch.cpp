#include "db/batch.hpp"
#include <stdexcept>

namespace db {

Batch::Slot Batch::add(Command query) {
  queries_.push_back(std::move(query));
  return {results_, queries_.size() - 1};
}

void Batch::run(Session& session) { give(session.batch(take())); }

void Batch::give(std::vector<Result> results) { *results_ = std::move(results); }

const Result& Batch::Slot::operator*() const {
  if (!results_ || at_ >= results_->size()) throw std::logic_error("a statement's result is wanted before it was sent");
  return (*results_)[at_];
}

} // namespace db
