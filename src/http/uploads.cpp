#include "http/uploads.hpp"
#include "base/aside.hpp"
#include "base/error.hpp"
#include "http/multipart.hpp"

namespace http {
namespace {

std::vector<Part> parts_of(const base::FileRange& body, std::string_view boundary) {
  MultipartParser parser(boundary);
  std::vector<char> block(256 * 1024);
  for (std::uint64_t at = 0; at < body.size;) {
    const auto n = base::read_at(*body.file, at, block.data(), block.size());
    if (n == 0) break;
    parser.feed({block.data(), n});
    at += n;
  }
  return parser.finish();
}

} // namespace

std::vector<ports::NewFile> uploaded_files(const Request& request, std::string_view field) {
  const auto boundary = multipart_boundary(request.header("content-type"));
  if (!boundary) throw base::Error::invalid_data("The body must be multipart/form-data");
  std::vector<Part> parts;
  base::run_aside([&] { parts = parts_of(request.body_file, *boundary); });
  std::vector<ports::NewFile> files;
  for (auto& part : parts) {
    if (!part.filename || part.filename->empty()) continue;
    if (part.name != field) throw base::Error::invalid_data("Unexpected field");
    files.push_back(
        {std::move(*part.filename), std::move(part.type), {request.body_file.file, part.offset, part.size}});
  }
  return files;
}

} // namespace http
