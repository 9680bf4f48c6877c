#include "commerce/file/admin.hpp"
#include "http/resource.hpp"
#include "http/uploads.hpp"
#include "ports/file_service.hpp"
#include <exception>

namespace commerce::file {
namespace {

using http::Context;
using http::Is;
using ports::Readers;

// All of the files, or none.
std::vector<ports::StoredFile> store(ports::Call& call, const std::vector<ports::NewFile>& files, Readers readers) {
  const auto& service = ports::file_service();
  std::vector<ports::StoredFile> stored;
  std::exception_ptr failure;
  try {
    for (const auto& file : files) stored.push_back(service.upload(call, file, readers));
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) return stored;
  for (const auto& file : stored) service.remove(call, file.key);
  std::rethrow_exception(failure);
}

// Medusa 1.20: admin/uploads/create-upload, create-protected-upload
template<Readers readers> void upload(Context& context) {
  if (context.request.body_too_large)
    return context.json(
        base::JsonObject{{"type", "invalid_data"}, {"message", "The files are larger than this server takes"}}, 413);
  base::Json uploads = base::JsonArray{};
  for (const auto& file : store(context.call, http::uploaded_files(context.request, "files"), readers))
    uploads.push_back(base::JsonObject{{"url", file.url}, {"key", file.key}});
  context.json(base::JsonObject{{"uploads", std::move(uploads)}});
}

const http::Rules kKey{{{"file_key", Is::string}}};
const std::string& key_of(const Context& context) { return context.body()["file_key"].as_string(); }

void remove(Context& context) {
  ports::file_service().remove(context.call, key_of(context));
  context.json(base::JsonObject{{"id", key_of(context)}, {"object", "file"}, {"deleted", true}});
}

void download_url(Context& context) {
  context.json(base::JsonObject{{"download_url", ports::file_service().download_url(context.call, key_of(context))}});
}

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  return {
      {.method = post,
       .path = "/admin/uploads",
       .handler = upload<Readers::everybody>,
       .auth = admin,
       .takes = http::Takes::files},
      {.method = post,
       .path = "/admin/uploads/protected",
       .handler = upload<Readers::with_a_link>,
       .auth = admin,
       .takes = http::Takes::files},
      {.method = del, .path = "/admin/uploads", .handler = remove, .auth = admin, .body_rules = &kKey},
      {.method = post,
       .path = "/admin/uploads/download-url",
       .handler = download_url,
       .auth = admin,
       .body_rules = &kKey},
  };
}

} // namespace commerce::file
