#include "db/pooler.hpp"

namespace db {
namespace {
Pooling given(config::PoolerMode mode) {
  switch (mode) {
  case config::PoolerMode::none: return Pooling::none;
  case config::PoolerMode::session: return Pooling::session;
  case config::PoolerMode::transaction: return Pooling::transaction;
  case config::PoolerMode::automatic: break;
  }
  return Pooling::unknown;
}
} // namespace

Pooler::Pooler(config::PoolerMode mode) : pooling_(given(mode)), asks_(mode == config::PoolerMode::automatic) {}

void Pooler::found(Pooling pooling) {
  for (Pooling known = pooling_; known != Pooling::transaction;)
    if (pooling_.compare_exchange_weak(known, pooling)) return;
}

} // namespace db
