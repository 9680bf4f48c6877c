#include "http/reply_cache.hpp"
#include "base/metrics.hpp"
#include "http/query_string.hpp"
#include <algorithm>
#include <iterator>

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

constexpr std::string_view kAny = "*"; // no id
void for_each_product(const ReplyCache::Products& products, const auto& what) {
  if (!products) return what(std::string(kAny));
  for (const auto& product : *products) what(product);
}
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
void ReplyCache::enter(db::ChangeLog::Generation generation) {
  if (generation <= generation_) return;
  generation_ = generation;
  drops.add(changed, entries_.size());
  by_key_.clear();
  by_product_.clear();
  entries_.clear();
  bytes_ = 0;
}

ReplyCache::Look ReplyCache::look() {
  // What is heard of from here on may be younger than what the asker reads.
  std::unique_lock lock(mutex_);
  const auto heard = heard_;
  lock.unlock();
  return {changes_.look(), heard};
}

std::optional<ReplyCache::Moment> ReplyCache::judge(const Look& look, const db::Result& result) {
  if (const auto products = db::ChangeLog::changed_rows(result); !products.empty()) end(products);
  const auto generation = changes_.judge(look.changes, result);
  return generation ? std::optional(Moment{*generation, look.heard}) : std::nullopt;
}

std::optional<ReplyCache::Moment> ReplyCache::moment(db::Session& session) {
  // Beaten by other threads each time: changes come too fast for anything to be worth keeping.
  constexpr int kMostLooks = 3;
  for (int attempt = 0; attempt < kMostLooks; ++attempt) {
    Look look = this->look();
    const db::Result row = session.run(look.changes.query.statement, look.changes.query.params);
    if (const auto found = judge(look, row)) return found;
  }
  return std::nullopt;
}

ReplyCache::Size ReplyCache::size() {
  const std::lock_guard lock(mutex_);
  return {entries_.size(), bytes_};
}

std::shared_ptr<const ReplyCache::Reply> ReplyCache::find(const std::string& key, Moment moment) {
  const std::lock_guard lock(mutex_);
  enter(moment.generation);
  const auto found = moment.generation == generation_ ? by_key_.find(key) : by_key_.end();
  looks.add(found == by_key_.end() ? miss : hit);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return entries_.front().reply;
}

void ReplyCache::keep(std::string key, Moment moment, std::shared_ptr<const Reply> reply) {
  constexpr std::size_t kShare = 4; // no reply takes more than a quarter
  Entry entry{std::move(key), std::move(reply)};
  if (entry.bytes() > most_bytes_ / kShare) return;
  const std::lock_guard lock(mutex_);
  enter(moment.generation);
  if (moment.generation != generation_ || by_key_.contains(entry.key)) return;
  const Products& products = entry.reply->products;
  if (is_late(products, moment.heard)) return;
  bytes_ += entry.bytes();
  entries_.push_front(std::move(entry));
  by_key_.emplace(entries_.front().key, entries_.begin());
  for_each_product(products, [&](const std::string& product) { by_product_.emplace(product, entries_.begin()); });
  while (bytes_ > most_bytes_) {
    drop(std::prev(entries_.end()));
    drops.add(room);
  }
}

bool ReplyCache::is_late(const Products& products, std::uint64_t heard) const {
  if (heard < forgotten_) return true;
  if (!products) return heard < heard_;
  return std::any_of(products->begin(), products->end(), [&](const std::string& product) {
    const auto sold = sold_at_.find(product);
    return sold != sold_at_.end() && sold->second > heard;
  });
}

void ReplyCache::drop(Entries::iterator entry) {
  bytes_ -= entry->bytes();
  by_key_.erase(entry->key);
  for_each_product(entry->reply->products, [&](const std::string& product) {
    auto [at, end] = by_product_.equal_range(product);
    at = std::find_if(at, end, [&](const auto& one) { return one.second == entry; });
    if (at != end) by_product_.erase(at);
  });
  entries_.erase(entry);
}

void ReplyCache::end_all(const std::string& product) {
  for (auto found = by_product_.find(product); found != by_product_.end(); found = by_product_.find(product)) {
    drop(found->second);
    drops.add(changed);
  }
}

void ReplyCache::end(std::span<const std::string> products) {
  constexpr std::size_t kMostRemembered = 10'000;
  const std::lock_guard lock(mutex_);
  heard_++;
  for (const auto& product : products) {
    sold_at_[product] = heard_;
    end_all(product);
  }
  end_all(std::string(kAny));
  if (sold_at_.size() <= kMostRemembered) return;
  sold_at_.clear();
  forgotten_ = heard_;
}

} // namespace http
