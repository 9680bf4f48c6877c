#include "http/reply_cache.hpp"
#include "base/metrics.hpp"
#include "http/query_string.hpp"

namespace http {

namespace {
using base::metrics::label;

enum Found { hit, miss };
base::metrics::Counter looks({"stheno_kept_replies_total",
                              "Requests that a kept reply could answer: by one that was there, or in vain."},
                             {label("found", "hit"), label("found", "miss")});
enum Why { changed, room };
base::metrics::Counter drops({"stheno_kept_replies_dropped_total",
                              "Kept replies dropped: something that they show has changed, or others needed the room."},
                             {label("why", "changed"), label("why", "room")});
} // namespace

std::string ReplyCache::key_of(const Request& request) {
  constexpr std::size_t kLongest = 2048;
  const auto publishable_key = request.header("x-publishable-api-key");
  if (request.target.size() + publishable_key.size() > kLongest) return {};
  // Also where it is written with escapes, or not as a parameter at all: those are few.
  if (request.raw_query.find("cart_id") != std::string::npos || request.raw_query.find('%') != std::string::npos) {
    const auto query = decode_uri_component(request.raw_query);
    if (!query || query->find("cart_id") != std::string::npos) return {};
  }
  std::string key;
  key.reserve(request.target.size() + 1 + publishable_key.size());
  return key.append(request.target).append(1, '\n').append(publishable_key);
}

std::size_t ReplyCache::Entry::bytes() const {
  constexpr std::size_t kOfTheEntry = 256;
  return key.size() + reply->body.size() + kOfTheEntry;
}

// What belongs to an earlier generation will never be shown again.
void ReplyCache::enter(Generation generation) {
  if (generation <= generation_) return;
  generation_ = generation;
  drops.add(changed, entries_.size());
  by_key_.clear();
  entries_.clear();
  bytes_ = 0;
}

ReplyCache::Size ReplyCache::size() {
  const std::lock_guard lock(mutex_);
  return {entries_.size(), bytes_};
}

std::shared_ptr<const ReplyCache::Reply> ReplyCache::find(const std::string& key, Generation generation) {
  const std::lock_guard lock(mutex_);
  enter(generation);
  const auto found = generation == generation_ ? by_key_.find(key) : by_key_.end();
  looks.add(found == by_key_.end() ? miss : hit);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return entries_.front().reply;
}

void ReplyCache::keep(std::string key, Generation generation, std::shared_ptr<const Reply> reply) {
  constexpr std::size_t kShare = 4; // no reply takes more than a quarter
  Entry entry{std::move(key), std::move(reply)};
  if (entry.bytes() > most_bytes_ / kShare) return;
  const std::lock_guard lock(mutex_);
  enter(generation);
  if (generation != generation_ || by_key_.contains(entry.key)) return;
  bytes_ += entry.bytes();
  entries_.push_front(std::move(entry));
  by_key_.emplace(entries_.front().key, entries_.begin());
  while (bytes_ > most_bytes_) {
    bytes_ -= entries_.back().bytes();
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
    drops.add(room);
  }
}

} // namespace http
