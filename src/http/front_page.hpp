// What stands at the root of the site: a storefront of static files, or a small page that says what this server is and where
// things are, for people in HTML and for programs in JSON. Owns its texts. Called by the dispatcher; any thread's fibers.
// Medusa 1.20 has nothing there ("Cannot GET /").
#pragma once
#include "http/single_page.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace http {

class FrontPage {
 public:
  // The small page. `dashboard` is its path, empty where there is none.
  FrontPage(std::string_view version, std::string_view dashboard);
  // A storefront: index.html of the folder at "/", and the folder's files.
  explicit FrontPage(base::Folder storefront);

  // Whether a path is the storefront's. The small page has none of its own: it gives way to whoever answers beside this server.
  bool covers(std::string_view path) const { return storefront_ && storefront_->covers(path); }
  // False for other paths and methods, and where the storefront has no such file.
  bool answer(const Request& request, Response& response) const;

 private:
  std::optional<SinglePage> storefront_;
  std::string page_, json_; // of the small page
};

} // namespace http
