#include "http/reply_cache.hpp"
#include <doctest/doctest.h>

namespace {

http::Request asking(std::string target, std::string key = {}) {
  http::Request request;
  request.target = target;
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string::npos) request.raw_query = target.substr(question + 1);
  if (!key.empty()) request.headers.push_back({"x-publishable-api-key", key});
  return request;
}

} // namespace

TEST_CASE("which replies are shared") {
  const auto key_of = http::ReplyCache::key_of;
  CHECK(key_of(asking("/store/products")) != key_of(asking("/store/products?limit=1")));
  CHECK(key_of(asking("/store/products", "pk_a")) != key_of(asking("/store/products", "pk_b")));
  CHECK(key_of(asking("/store/products?cart_id=cart_1")).empty());
  CHECK(key_of(asking("/store/products?c%61rt_id=cart_1")).empty());
  CHECK(key_of(asking("/store/products?q=%zz")).empty());
  CHECK(key_of(asking("/store/products?q=" + std::string(4000, 'a'))).empty());
}

TEST_CASE("kept replies take no more than their bytes, oldest use first out") {
  db::ChangeLog changes(db::kCatalogue, "SELECT NULL::timestamptz");
  http::ReplyCache cache(changes, 10'000);
  const auto reply = [](std::size_t bytes) {
    return http::ReplyCache::Reply::make(std::string(bytes, 'x'), "text/plain", "tag");
  };
  cache.keep("large", 1, reply(5000));
  CHECK(!cache.find("large", 1)); // more than a quarter
  for (int i = 0; i < 4; ++i) cache.keep(std::to_string(i), 1, reply(2000));
  CHECK(cache.find("0", 1));
  cache.keep("4", 1, reply(2000));
  CHECK(cache.find("0", 1));
  CHECK(!cache.find("1", 1));
  CHECK(cache.find("4", 1)->body.size() == 2000);
}

TEST_CASE("nothing of an earlier generation is shown, and nothing late is kept") {
  db::ChangeLog changes(db::kCatalogue, "SELECT NULL::timestamptz");
  http::ReplyCache cache(changes, 10'000);
  cache.keep("a", 1, http::ReplyCache::Reply::make("first", "", ""));
  CHECK(cache.find("a", 1)->body == "first");
  CHECK(!cache.find("a", 2));
  cache.keep("a", 1, http::ReplyCache::Reply::make("late", "", ""));
  CHECK(!cache.find("a", 2));
  CHECK(!cache.find("a", 1));
  cache.keep("a", 2, http::ReplyCache::Reply::make("second", "", ""));
  CHECK(cache.find("a", 2)->body == "second");
}
