#include "commerce/file/local.hpp"
#include "base/aside.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include <filesystem>

namespace commerce::file {
namespace {

constexpr std::size_t kLongestName = 200; // bytes; the file system's limit is 255, and the time stands before it

// Without what no file or address should have in its name.
std::string tidy(std::string_view name) {
  std::string out;
  for (const char c : name) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/' || c == '\\' ? '_' : c;
  if (out.size() <= kLongestName) return out;
  // The end holds what kind of file it is. No character is cut in two.
  std::size_t from = out.size() - kLongestName;
  while ((static_cast<unsigned char>(out[from]) & 0xc0) == 0x80) from++;
  return out.substr(from);
}

// Only what would end a path or begin an escape. Quirk: blanks stay as they are.
std::string in_address(std::string_view key) {
  std::string out;
  for (const char c : key)
    if (c == '%')
      out += "%25";
    else if (c == '#')
      out += "%23";
    else if (c == '?')
      out += "%3F";
    else
      out += c;
  return out;
}

class LocalService final : public ports::FileService {
 public:
  explicit LocalService(LocalFolder folder) : folder_(folder.path), url_(std::move(folder.url)) {}

  // Quirk: whoever knows its name may read a protected file, too.
  ports::StoredFile upload(ports::Call&, const ports::NewFile& file, ports::Readers) const override {
    std::string key;
    base::run_aside([&] { key = store(file); });
    return {address(key), key};
  }
  void remove(ports::Call&, std::string_view key) const override {
    check(key);
    base::run_aside([&] { folder_.remove(key); });
  }
  std::string download_url(ports::Call&, std::string_view key) const override {
    check(key);
    return address(key);
  }

 private:
  // 1.20 follows such a key out of the folder.
  static void check(std::string_view key) {
    if (!base::Folder::lies_below(key)) throw base::Error::invalid_data("file_key must be the key of a file");
  }
  std::string address(std::string_view key) const { return url_ + "/" + in_address(key); }

  // Under the time and its name; two of one name at once get times of their own.
  std::string store(const ports::NewFile& file) const {
    auto time = std::chrono::duration_cast<std::chrono::milliseconds>(base::now().time_since_epoch()).count();
    for (const auto name = tidy(file.name);; time++) {
      std::string key = std::to_string(time) + "-" + name;
      const auto to = folder_.create(key);
      if (!to) continue;
      try {
        base::copy(file.bytes, to);
      } catch (...) {
        folder_.remove(key);
        throw;
      }
      return key;
    }
  }

  const base::Folder folder_;
  const std::string url_;
};

} // namespace

LocalFolder local_folder(const base::Json& options, const std::string& project) {
  const auto text = [&](std::string_view name, std::string_view usual) {
    const auto& value = options[name];
    return value.is_string() && !value.as_string().empty() ? value.as_string() : std::string(usual);
  };
  // Quirk: without upload_dir 1.20 stores below "uploads" and serves "uploads/images"; here both are "uploads".
  std::string below = text("upload_dir", "uploads");
  const auto path = (std::filesystem::path(project) / below).lexically_normal().string();
  LocalFolder folder{path, {}, text("backend_url", "http://localhost:9000") + "/" + below};
  while (below.starts_with("./")) below.erase(0, 2);
  while (below.starts_with('/')) below.erase(0, 1);
  while (below.ends_with('/')) below.pop_back();
  // "." would show the project's own files.
  if (base::Folder::lies_below(below)) folder.prefix = "/" + below;
  return folder;
}

std::unique_ptr<ports::FileService> local_service(LocalFolder folder) {
  return std::make_unique<LocalService>(std::move(folder));
}

} // namespace commerce::file
