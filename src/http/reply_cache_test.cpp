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
  cache.keep("large", {1, 1}, reply(5000));
  CHECK(!cache.find("large", {1, 1})); // more than a quarter
  for (int i = 0; i < 4; ++i) cache.keep(std::to_string(i), {1, 1}, reply(2000));
  CHECK(cache.find("0", {1, 1}));
  cache.keep("4", {1, 1}, reply(2000));
  CHECK(cache.find("0", {1, 1}));
  CHECK(!cache.find("1", {1, 1}));
  CHECK(cache.find("4", {1, 1})->body.size() == 2000);
}

TEST_CASE("nothing of an earlier generation is shown, and nothing late is kept") {
  db::ChangeLog changes(db::kCatalogue, "SELECT NULL::timestamptz");
  http::ReplyCache cache(changes, 10'000);
  cache.keep("a", {1, 1}, http::ReplyCache::Reply::make("first", "", ""));
  CHECK(cache.find("a", {1, 1})->body == "first");
  CHECK(!cache.find("a", {2, 1}));
  cache.keep("a", {1, 1}, http::ReplyCache::Reply::make("late", "", ""));
  CHECK(!cache.find("a", {2, 1}));
  CHECK(!cache.find("a", {1, 1}));
  cache.keep("a", {2, 1}, http::ReplyCache::Reply::make("second", "", ""));
  CHECK(cache.find("a", {2, 1})->body == "second");
}

TEST_CASE("a sold unit ends the replies that show its product, and those that perhaps do") {
  db::ChangeLog changes(db::kCatalogue, "SELECT NULL::timestamptz");
  http::ReplyCache cache(changes, 10'000);
  using Products = http::ReplyCache::Products;
  const auto keep = [&](const char* key, Products products, std::uint64_t heard) {
    cache.keep(key, {1, heard}, http::ReplyCache::Reply::make("body", "", "", std::move(products)));
  };
  const auto is_kept = [&](const char* key) { return cache.find(key, {1, 1}) != nullptr; };
  const std::vector<std::string> sold{"mug"};
  keep("of mug", Products{{"mug", "cup"}}, 1);
  keep("of cup", Products{{"cup"}}, 1);
  keep("of none", Products{std::vector<std::string>{}}, 1);
  keep("of any", std::nullopt, 1);
  cache.end(sold);
  CHECK(!is_kept("of mug"));
  CHECK(is_kept("of cup"));
  CHECK(is_kept("of none"));
  CHECK(!is_kept("of any"));
  // What was read before it was heard of is not kept.
  keep("of mug", Products{{"mug", "cup"}}, 1);
  keep("of any", std::nullopt, 1);
  CHECK(!is_kept("of mug"));
  CHECK(!is_kept("of any"));
  keep("of mug", Products{{"mug", "cup"}}, 2);
  keep("of any", std::nullopt, 2);
  CHECK(is_kept("of mug"));
  CHECK(is_kept("of any"));
  CHECK(cache.size().replies == 4);
}

TEST_CASE("of how many products it was heard has a limit, behind which nothing older is kept") {
  db::ChangeLog changes(db::kCatalogue, "SELECT NULL::timestamptz");
  http::ReplyCache cache(changes, 10'000);
  std::vector<std::string> many;
  for (int i = 0; i < 10'001; i++) many.push_back(std::to_string(i));
  cache.end(many);
  const auto reply = http::ReplyCache::Reply::make("body", "", "", std::vector<std::string>{"mug"});
  cache.keep("late", {1, 1}, reply);
  CHECK(!cache.find("late", {1, 1}));
  cache.keep("new", {1, 2}, reply);
  CHECK(cache.find("new", {1, 2}));
}
