#include "http/single_page.hpp"
#include <doctest/doctest.h>

TEST_CASE("a name lasts where a part of it is a hash, which its ending is not") {
  for (const char* lasting : {"main.6e73783d.js", "230.dc47245d0b0486c4fdb1.css", "442f6a4cc2f03aaf41f6.ttf",
                              "images/icon-plus-gray-4813505451ce489532e3.svg", "runtime~main.78033dfe.js"})
    CHECK(http::has_lasting_name(lasting));
  for (const char* passing : {"index.html", "public/logo.svg", "6e73783d/translation.json", "a.6e73783",
                              "main.6e73783.js", "name.6e73783dx.js", "no-ending-6e73783d", "", ".deadbeef"})
    CHECK_FALSE(http::has_lasting_name(passing));
}

TEST_CASE("an application covers its path and what lies below it, and never the API") {
  const http::SinglePage app("/app", base::Folder("/nowhere")), whole("/", base::Folder("/nowhere"));
  for (const char* path : {"/app", "/app/", "/APP/orders", "/app/a/b.js"}) CHECK(app.covers(path));
  for (const char* path : {"/", "/ap", "/apps", "/store/app", "/admin"}) CHECK_FALSE(app.covers(path));
  for (const char* path : {"/", "/main.6e73783d.js", "/public/logo.svg", "/storefront.js"}) CHECK(whole.covers(path));
  for (const char* path : {"/store", "/store/a.json", "/Admin/a.b", "/orders", "/a.b/orders"})
    CHECK_FALSE(whole.covers(path));
}
