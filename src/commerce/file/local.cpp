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

// Gathers small writes.
class LocalUpload final : public ports::Upload {
 public:
  LocalUpload(const base::Folder& folder, std::string key, base::Descriptor file)
      : folder_(folder), key_(std::move(key)), file_(std::move(file)) {}
  ~LocalUpload() override {
    if (!finished_) folder_.remove(key_);
  }
  const std::string& key() const override { return key_; }
  void write(std::string_view bytes) override {
    waiting_ += bytes;
    if (waiting_.size() >= kGathered) flush();
  }
  void finish() override {
    flush();
    finished_ = true;
  }

 private:
  static constexpr std::size_t kGathered = 64 * 1024;
  void flush() {
    base::run_aside([&] { base::write_all(file_, waiting_); });
    waiting_.clear();
  }
  const base::Folder& folder_;
  const std::string key_;
  const base::Descriptor file_;
  std::string waiting_;
  bool finished_ = false;
};

class LocalDownload final : public ports::Download {
 public:
  explicit LocalDownload(base::FileRange bytes) : bytes_(std::move(bytes)) {}
  std::size_t read(char* bytes, std::size_t size) override {
    std::size_t n = 0;
    base::run_aside([&] { n = base::read_at(*bytes_.file, at_, bytes, size); });
    at_ += n;
    return n;
  }

 private:
  const base::FileRange bytes_;
  std::uint64_t at_ = 0;
};

class LocalService final : public ports::FileService {
 public:
  explicit LocalService(LocalFolder folder) : folder_(folder.path), url_(std::move(folder.url)) {}

  // Quirk: whoever knows its name may read a protected file, too.
  ports::StoredFile upload(ports::Call&, const ports::NewFile& file, ports::Readers) const override {
    std::string key;
    base::run_aside([&] { key = store(file); });
    return {address(key), key};
  }
  std::unique_ptr<ports::Upload> open_upload(ports::Call&, std::string_view name, ports::Readers) const override {
    std::unique_ptr<ports::Upload> upload;
    base::run_aside([&] {
      auto [key, file] = create(name);
      upload = std::make_unique<LocalUpload>(folder_, std::move(key), std::move(file));
    });
    return upload;
  }
  std::unique_ptr<ports::Download> open_download(ports::Call&, std::string_view key) const override {
    std::optional<base::Folder::File> file;
    base::run_aside([&] { file = folder_.open(key); });
    if (!file) throw base::Error::not_found("There is no file with the key " + std::string(key));
    return std::make_unique<LocalDownload>(std::move(file->bytes));
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

  struct Opened {
    std::string key;
    base::Descriptor file;
  };
  // In its folder under the time and its name; two of one name at once get times of their own.
  Opened create(std::string_view path) const {
    const auto slash = path.rfind('/');
    const std::string folders(path.substr(0, slash == path.npos ? 0 : slash + 1));
    const auto name = tidy(path.substr(folders.size()));
    auto time = std::chrono::duration_cast<std::chrono::milliseconds>(base::now().time_since_epoch()).count();
    for (;; time++) {
      std::string key = folders + std::to_string(time) + "-" + name;
      if (auto file = folder_.create(key)) return {std::move(key), std::move(file)};
    }
  }
  std::string store(const ports::NewFile& file) const {
    const auto [key, to] = create(tidy(file.name));
    try {
      base::copy(file.bytes, to);
    } catch (...) {
      folder_.remove(key);
      throw;
    }
    return key;
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
