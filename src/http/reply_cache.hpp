// Replies of reads that all shoppers share, kept for as long as what they were read from has not changed.
// Owns: the replies, a bounded number of bytes of them, oldest use first out. One for all threads, made by app; asked by
// the dispatcher on the request's fiber. Its mutex is never held across a wait.
#pragma once
#include "base/hash.hpp"
#include "db/change_log.hpp"
#include "http/http.hpp"
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace http {

class ReplyCache {
 public:
  using Generation = db::ChangeLog::Generation;
  struct Reply {
    std::string body, content_type, etag;
    static std::shared_ptr<const Reply> make(std::string body, std::string content_type, std::string etag) {
      return std::make_shared<const Reply>(Reply{std::move(body), std::move(content_type), std::move(etag)});
    }
  };

  // `changes` must outlive the cache.
  ReplyCache(db::ChangeLog& changes, std::size_t most_bytes) : changes_(changes), most_bytes_(most_bytes) {}

  // What tells this request's reply from others; empty when it may not be shared: it asks for a cart's prices, or its
  // target is longer than a storefront's.
  static std::string key_of(const Request& request);

  // The generation that a reply of now belongs to; nullopt: don't keep it.
  std::optional<Generation> generation(db::Session& session) { return changes_.generation(session); }
  // The same for a question that travels with others (db::ChangeLog::look).
  db::ChangeLog::Look look() { return changes_.look(); }
  std::optional<Generation> judge(const db::ChangeLog::Look& look, const db::Result& result) {
    return changes_.judge(look, result);
  }
  // What is kept at the moment.
  struct Size {
    std::size_t replies = 0, bytes = 0;
  };
  Size size();
  std::shared_ptr<const Reply> find(const std::string& key, Generation generation);
  void keep(std::string key, Generation generation, std::shared_ptr<const Reply> reply);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const Reply> reply;
    std::size_t bytes() const;
  };
  void enter(Generation generation);

  db::ChangeLog& changes_;
  const std::size_t most_bytes_;
  std::mutex mutex_;
  Generation generation_ = 0;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_; // used last first
  std::unordered_map<std::string_view, std::list<Entry>::iterator, base::KeyedHash> by_key_;
};

} // namespace http
