#include "http/single_page.hpp"
#include "base/aside.hpp"
#include "base/strings.hpp"
#include "http/router.hpp"
#include <algorithm>
#include <cctype>

namespace http {
namespace {

constexpr std::uint64_t kLargestPage = 16u << 20;
constexpr std::string_view kVary = "Origin, Cache-Control";

// 1.20 lets browsers keep every file for a year, also those whose names stay when the package changes: the page as
// /app/index.html, the translations, the logo. They are asked for again here.
void add_headers(std::string_view path, Response& response) {
  response.set_header("Cache-Control", has_lasting_name(path) ? "max-age=31536000, immutable" : "no-cache");
  response.set_header("Vary", std::string(kVary));
}

} // namespace

bool has_lasting_name(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto is_hexadecimal = [](std::string_view part) {
    return part.size() >= 8 && std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isxdigit(c); });
  };
  // Its ending is no hash.
  const auto ending = name.rfind('.');
  if (ending == name.npos) return false;
  for (std::size_t from = 0; from < ending;) {
    const auto to = std::min(name.find_first_of(".-", from), ending);
    if (is_hexadecimal(name.substr(from, to - from))) return true;
    from = to + 1;
  }
  return false;
}

SinglePage::SinglePage(std::string path, base::Folder folder)
    : prefix_(path == "/" ? std::string() : std::move(path)), folder_(folder),
      files_(prefix_, std::move(folder), add_headers) {}

SinglePage::SinglePage(std::string path, std::string sentence)
    : prefix_(path == "/" ? std::string() : std::move(path)), folder_(std::string()), files_(prefix_, folder_),
      sentence_(std::move(sentence)) {}

bool SinglePage::covers(std::string_view path) const {
  if (!prefix_.empty()) return lies_in(path, prefix_);
  const bool is_file = path.find('.', path.rfind('/') + 1) != path.npos;
  return (path == "/" || is_file) && !lies_in(path, "/admin") && !lies_in(path, "/store");
}

bool SinglePage::answer(const Request& request, Response& response) const {
  if ((request.method != Method::get && request.method != Method::head) || !covers(request.path)) return false;
  const bool at_path = request.path.size() <= prefix_.size() + 1;
  if (!sentence_.empty()) {
    if (!at_path) return false;
    response.content_type = "text/html; charset=utf-8";
    response.transformable = false; // it stands before the middleware that compresses
    response.body = sentence_;
    return true;
  }
  if (!at_path && files_.answer(request, response)) return true;
  // Quirk: an application of the whole site is shown at its path alone.
  return (at_path || !prefix_.empty()) && show_page(response);
}

bool SinglePage::show_page(Response& response) const {
  std::optional<std::string> page;
  base::run_aside([&] {
    const auto found = folder_.open("index.html");
    if (!found || found->bytes.size > kLargestPage) return;
    page.emplace(static_cast<std::size_t>(found->bytes.size), '\0');
    page->resize(base::read_at(*found->bytes.file, 0, page->data(), page->size()));
  });
  if (!page) return false;
  response.content_type = "text/html; charset=utf-8";
  response.transformable = false;
  response.set_header("Cache-Control", "no-cache");
  response.set_header("Vary", std::string(kVary));
  response.body = std::move(*page);
  return true;
}

} // namespace http
