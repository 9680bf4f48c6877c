// Files of one folder, shown as the npm module express.static shows them: content types, entity tags, ranges. Owns
// nothing but its names. Called by the dispatcher for what lies below its prefix; any thread's fibers.
#pragma once
#include "base/files.hpp"
#include "http/http.hpp"
#include <string>
#include <string_view>

namespace http {

class StaticFiles {
 public:
  // Adds headers to a file that is shown; what it says of caches counts.
  using AddHeaders = void (*)(std::string_view path, Response& response);
  // `prefix` ("/uploads") is where the folder stands on the site.
  StaticFiles(std::string prefix, base::Folder folder, AddHeaders add_headers = nullptr)
      : prefix_(std::move(prefix)), folder_(std::move(folder)), add_headers_(add_headers) {}
  // False where there is no such file to show: another part of the site may answer. Hidden files (".name") and those
  // behind links are none.
  bool answer(const Request& request, Response& response) const;
  // Whether a path lies in the part of the site where the folder stands.
  bool covers(std::string_view path) const;

 private:
  std::string prefix_;
  base::Folder folder_;
  AddHeaders add_headers_;
};

// By the ending of a file's name, as the npm module mime knows it; with the charset where it is a text.
std::string_view content_type_of(std::string_view path);

} // namespace http
