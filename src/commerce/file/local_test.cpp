#include "base/json.hpp"
#include "commerce/file/local.hpp"
#include <doctest/doctest.h>

TEST_CASE("local files: where the folder lies, where it stands on the site, and its address") {
  struct Case {
    const char *upload_dir, *path, *prefix, *url;
  };
  for (const auto& [upload_dir, path, prefix, url] :
       {Case{"uploads", "/shop/uploads", "/uploads", "http://x/uploads"},
        Case{"a/b", "/shop/a/b", "/a/b", "http://x/a/b"}, Case{"./a/", "/shop/a/", "/a", "http://x/./a/"},
        Case{"/data/a", "/data/a", "/data/a", "http://x//data/a"}, Case{"../a", "/a", "", "http://x/../a"},
        Case{".", "/shop/", "", "http://x/."}, Case{"/", "/", "", "http://x//"}}) {
    CAPTURE(upload_dir);
    const auto folder = commerce::file::local_folder(
        base::JsonObject{{"upload_dir", upload_dir}, {"backend_url", "http://x"}}, "/shop");
    CHECK(folder.path == path);
    CHECK(folder.prefix == prefix);
    CHECK(folder.url == url);
  }
  const auto usual = commerce::file::local_folder(base::Json::object(), "/shop");
  CHECK(usual.path == "/shop/uploads");
  CHECK(usual.prefix == "/uploads");
  CHECK(usual.url == "http://localhost:9000/uploads");
}
