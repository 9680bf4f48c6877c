// Files in a folder of this machine. Owns nothing; the folder is the shop's. Called by app at start; what it makes runs
// on the fibers of requests. Medusa 1.20: @medusajs/file-local.
#pragma once
#include "ports/file_service.hpp"
#include <memory>
#include <string>

namespace base {
class Json;
}

namespace commerce::file {

struct LocalFolder {
  std::string path;   // of the folder
  std::string prefix; // where it stands on the site: "/uploads"; empty: it is not shown
  std::string url;    // what the addresses of its files begin with: "http://localhost:9000/uploads"
};
// From the plugin's options upload_dir and backend_url. A relative folder lies in the project's.
LocalFolder local_folder(const base::Json& options, const std::string& project);

std::unique_ptr<ports::FileService> local_service(LocalFolder folder);

} // namespace commerce::file
