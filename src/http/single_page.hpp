// An application of a browser: a folder of files with one page, which is shown at the application's path and at every path below
// that is no file. Owns nothing but its names. Called by the dispatcher; any thread's fibers.
// Medusa 1.20: the router of @medusajs/admin
#pragma once
#include "base/files.hpp"
#include "http/http.hpp"
#include "http/static_files.hpp"
#include <string>
#include <string_view>

namespace http {

class SinglePage {
 public:
  // `path`: "/app", or "/" for the whole site but the API. `folder` holds index.html, which is read for each request, so that a new
  // build is shown at once.
  SinglePage(std::string path, base::Folder folder);
  // In its place: one sentence at the path, and nothing below it.
  SinglePage(std::string path, std::string sentence);

  // Whether a path is the application's. An application of the whole site has its page alone, and what may be a file.
  bool covers(std::string_view path) const;
  // False for what is not the application's, for other methods than GET and HEAD, and where there is no page.
  bool answer(const Request& request, Response& response) const;

 private:
  bool show_page(Response& response) const;
  std::string prefix_; // "" of "/"
  base::Folder folder_;
  StaticFiles files_;
  std::string sentence_; // empty: there is a page
};

// Whether a file's name changes with what it holds, as a builder's do: "main.6e73783d.js", "icon-plus-4813505451ce.svg".
bool has_lasting_name(std::string_view path);

} // namespace http
