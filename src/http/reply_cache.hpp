// Replies of reads that all shoppers share, kept for as long as what they were read from has not changed. What belongs to the
// generation of the log of changes is true but for the variants that are sold: a reply ends with those that it shows.
// Owns: the replies, a bounded number of bytes of them, oldest use first out. One for all threads, made by app; asked by
// the dispatcher on the request's fiber. Its mutex is never held across a wait.
#pragma once
#include "base/hash.hpp"
#include "db/change_log.hpp"
#include "http/http.hpp"
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace http {

class ReplyCache {
 public:
  // Those whose variants a reply shows, by id; nullopt: perhaps those of any.
  using Products = std::optional<std::vector<std::string>>;
  struct Reply {
    std::string body, content_type, etag;
    Products products{};
    static std::shared_ptr<const Reply> make(std::string body, std::string content_type, std::string etag,
                                             Products products = {}) {
      return std::make_shared<const Reply>(
          Reply{std::move(body), std::move(content_type), std::move(etag), std::move(products)});
    }
  };
  // When something was asked for: the generation, and how much had been heard of sold variants.
  struct Moment {
    db::ChangeLog::Generation generation = 0;
    std::uint64_t heard = 0;
  };

  // `changes` must outlive the cache.
  ReplyCache(db::ChangeLog& changes, std::size_t most_bytes) : changes_(changes), most_bytes_(most_bytes) {}

  // What tells this request's reply from others; empty when it may not be shared: it asks for a cart's prices, or its
  // target is longer than a storefront's.
  static std::string key_of(const Request& request);

  // The moment of a reply that is read from now on; nullopt: don't keep it. One round trip.
  std::optional<Moment> moment(db::Session& session);
  // The same for a question that travels with others (db::ChangeLog::look); nullopt: ask moment() instead.
  struct Look {
    db::ChangeLog::Look changes;
    std::uint64_t heard;
  };
  Look look();
  std::optional<Moment> judge(const Look& look, const db::Result& result);
  // What is kept at the moment.
  struct Size {
    std::size_t replies = 0, bytes = 0;
  };
  Size size();
  std::shared_ptr<const Reply> find(const std::string& key, Moment moment);
  void keep(std::string key, Moment moment, std::shared_ptr<const Reply> reply);
  // Ends the replies that show variants of these products, and lets nothing be kept that was read before.
  void end(std::span<const std::string> products);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const Reply> reply;
    std::size_t bytes() const;
  };
  using Entries = std::list<Entry>; // used last first
  void enter(db::ChangeLog::Generation generation);
  bool is_late(const Products& products, std::uint64_t heard) const;
  void drop(Entries::iterator entry);
  void end_all(const std::string& product);

  db::ChangeLog& changes_;
  const std::size_t most_bytes_;
  std::mutex mutex_;
  db::ChangeLog::Generation generation_ = 0;
  std::size_t bytes_ = 0;
  Entries entries_;
  std::unordered_map<std::string_view, Entries::iterator, base::KeyedHash> by_key_;
  // Under kAny those that perhaps show all.
  std::unordered_multimap<std::string, Entries::iterator, base::KeyedHash> by_product_;
  std::uint64_t heard_ = 1;                                                 // counts what was heard of sold variants
  std::unordered_map<std::string, std::uint64_t, base::KeyedHash> sold_at_; // when a product was last heard of
  std::uint64_t forgotten_ = 0;                                             // up to where sold_at_ has been emptied
};

} // namespace http
