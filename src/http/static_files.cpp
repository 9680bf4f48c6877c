#include "http/static_files.hpp"
#include "base/aside.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include "http/entity_tag.hpp"
#include "http/errors.hpp"
#include "http/query_string.hpp"
#include <charconv>

namespace http {
namespace {

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {"avif", "image/avif"},
    {"avi", "video/x-msvideo"},
    {"bmp", "image/bmp"},
    {"css", "text/css; charset=UTF-8"},
    {"csv", "text/csv; charset=UTF-8"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"eot", "application/vnd.ms-fontobject"},
    {"gif", "image/gif"},
    {"glb", "model/gltf-binary"},
    {"gltf", "model/gltf+json"},
    {"gz", "application/gzip"},
    {"heic", "image/heic"},
    {"htm", "text/html; charset=UTF-8"},
    {"html", "text/html; charset=UTF-8"},
    {"ico", "image/x-icon"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "application/javascript; charset=UTF-8"},
    {"json", "application/json; charset=UTF-8"},
    {"m4a", "audio/mp4"},
    {"md", "text/markdown; charset=UTF-8"},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpeg", "video/mpeg"},
    {"ogg", "audio/ogg"},
    {"ogv", "video/ogg"},
    {"otf", "font/otf"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"ttf", "font/ttf"},
    {"txt", "text/plain; charset=UTF-8"},
    {"wasm", "application/wasm"},
    {"wav", "audio/wav"},
    {"webm", "video/webm"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xml", "application/xml"},
    {"zip", "application/zip"},
};

std::string hex(std::uint64_t number) {
  char digits[20];
  return {digits, std::to_chars(digits, digits + sizeof digits, number, 16).ptr};
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct Range {
  enum class Kind { whole, part, none } kind = Kind::whole;
  std::uint64_t first = 0, last = 0;
};
// One range of bytes. Several, and what is none, count as the whole.
Range range_of(std::string_view header, std::uint64_t size) {
  if (!header.starts_with("bytes=") || header.find(',') != header.npos) return {};
  header.remove_prefix(6);
  const auto dash = header.find('-');
  if (dash == header.npos) return {};
  const auto first_text = base::trim(header.substr(0, dash)), last_text = base::trim(header.substr(dash + 1));
  const auto from = number_of(first_text), to = number_of(last_text);
  if ((!first_text.empty() && !from) || (!last_text.empty() && !to)) return {};
  if (!from && !to) return {Range::Kind::none};
  const std::uint64_t suffix = from ? 0 : *to;
  const std::uint64_t first = from ? *from : size - std::min(suffix, size);
  if (first >= size || (from && to && *to < first)) return {Range::Kind::none};
  return {Range::Kind::part, first, from && to ? std::min(*to, size - 1) : size - 1};
}

// The npm module send: a client's range only counts for the file that it knows.
bool range_is_of(const Request& request, std::string_view tag, std::string_view modified) {
  const auto condition = request.header("if-range");
  if (condition.empty()) return true;
  if (condition.find('"') != condition.npos) return condition.find(tag) != condition.npos;
  return condition == modified;
}

} // namespace

std::string_view content_type_of(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  if (const auto dot = name.rfind('.'); dot != name.npos) {
    const auto ending = base::lower(name.substr(dot + 1));
    for (const auto& [known, type] : kTypes)
      if (known == ending) return type;
  }
  return "application/octet-stream";
}

bool StaticFiles::covers(std::string_view path) const {
  return path.size() > prefix_.size() && path[prefix_.size()] == '/' &&
         base::equal_ignoring_case(path.substr(0, prefix_.size()), prefix_);
}

bool StaticFiles::answer(const Request& request, Response& response) const {
  if (request.method != Method::get && request.method != Method::head) return false;
  if (!covers(request.path) || request.path.size() < prefix_.size() + 2) return false;
  const auto path = decode_uri_component(std::string_view(request.path).substr(prefix_.size() + 1));
  if (!path || path->starts_with('.') || path->find("/.") != std::string::npos) return false;
  std::optional<base::Folder::File> found;
  base::run_aside([&] { found = folder_.open(*path); });
  if (!found) return false;

  const auto size = found->bytes.size;
  const auto seconds = std::chrono::seconds(found->modified.tv_sec);
  const auto milliseconds = found->modified.tv_sec * 1000 + found->modified.tv_nsec / 1'000'000;
  const auto modified = base::http_date(base::Instant(std::chrono::duration_cast<base::Instant::duration>(seconds)));
  response.tagged = false; // not by the body
  response.transformable = false;
  response.etag = "W/\"" + hex(size) + "-" + hex(static_cast<std::uint64_t>(milliseconds)) + "\"";
  response.content_type = content_type_of(*path);
  if (add_headers_) add_headers_(*path, response);
  response.set_header("Accept-Ranges", "bytes");
  if (!add_headers_) response.set_header("Cache-Control", "public, max-age=0");
  response.set_header("Last-Modified", modified);
  if (is_fresh(request, response.etag, modified)) {
    response.status = 304;
    return true;
  }
  const auto wanted = range_is_of(request, response.etag, modified) ? range_of(request.header("range"), size) : Range{};
  if (wanted.kind == Range::Kind::none) {
    response.set_header("Content-Range", "bytes */" + std::to_string(size));
    answer_page(416, "Range Not Satisfiable", response);
    return true;
  }
  response.file = found->bytes;
  if (wanted.kind == Range::Kind::part) {
    response.status = 206;
    response.set_header("Content-Range", "bytes " + std::to_string(wanted.first) + "-" + std::to_string(wanted.last) +
                                             "/" + std::to_string(size));
    response.file.offset = wanted.first;
    response.file.size = wanted.last - wanted.first + 1;
  }
  return true;
}

} // namespace http
