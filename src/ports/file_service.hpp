// Whoever keeps the shop's files: what a file plugin provides, and the one that is installed. Owns: that one, set at start
// by app and read-only afterwards (any thread). Its functions run on the fiber of the request; what waits for a disk or a
// network must not hold the event loop. Medusa 1.20: AbstractFileService.
#pragma once
#include "base/files.hpp"
#include "ports/call.hpp"
#include <memory>
#include <string>
#include <string_view>

namespace ports {

struct NewFile {
  std::string name; // as who sent it calls it, without folders
  std::string type; // "image/png"
  base::FileRange bytes;
};
struct StoredFile {
  std::string url, key;
};
// Who may read a file: everybody, or who has been given a link to it.
enum class Readers { everybody, with_a_link };

// A file that is being written. What goes before it is finished leaves none behind.
class Upload {
 public:
  virtual ~Upload() = default;
  virtual const std::string& key() const = 0;
  virtual void write(std::string_view bytes) = 0;
  // The file is there from now on.
  virtual void finish() = 0;
};
// A file that is being read.
class Download {
 public:
  virtual ~Download() = default;
  // The next bytes, up to `size`; 0 at the end only.
  virtual std::size_t read(char* bytes, std::size_t size) = 0;
};

class FileService {
 public:
  virtual ~FileService() = default;
  virtual StoredFile upload(Call& call, const NewFile& file, Readers readers) const = 0;
  // In pieces, for what is too large for the memory. `name` may lie in folders: "exports/orders.csv".
  virtual std::unique_ptr<Upload> open_upload(Call& call, std::string_view name, Readers readers) const = 0;
  // Throws not_found.
  virtual std::unique_ptr<Download> open_download(Call& call, std::string_view key) const = 0;
  // Does nothing where there is no such file.
  virtual void remove(Call& call, std::string_view key) const = 0;
  // Where a file can be read, for some time at least.
  virtual std::string download_url(Call& call, std::string_view key) const = 0;
};

void set_file_service(std::unique_ptr<FileService> service);
// Where none is set, one that refuses everything, as 1.20's own.
const FileService& file_service();

} // namespace ports
