#include "base/files.hpp"
#include "base/strings.hpp"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace base {
namespace {

constexpr std::size_t kBlock = 256 * 1024;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

enum class Missing { refused, made };

// The folder that holds the last part of a path, and that part; an empty descriptor where there is no such folder.
std::pair<Descriptor, std::string> parent_of(const std::string& root, std::string_view path, Missing missing) {
  constexpr int kFlags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  auto steps = split(path, '/');
  const std::string last = std::move(steps.back());
  steps.pop_back();
  if (missing == Missing::made) std::filesystem::create_directories(root);
  Descriptor at(::open(root.c_str(), kFlags));
  for (const auto& step : steps) {
    if (!at) break;
    if (missing == Missing::made && ::mkdirat(at.number(), step.c_str(), 0777) != 0 && errno != EEXIST)
      fail(step.c_str());
    at = Descriptor(::openat(at.number(), step.c_str(), kFlags | O_NOFOLLOW));
  }
  return {std::move(at), last};
}

} // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor temporary_file() {
  const std::string folder = std::filesystem::temp_directory_path();
  Descriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file) return file;
  std::string name = folder + "/stheno-XXXXXX"; // a file system without O_TMPFILE
  file = Descriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (!file) fail(folder.c_str());
  ::unlink(name.c_str());
  return file;
}

void write_all(const Descriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(file.number(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("write");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::size_t read_at(const Descriptor& file, std::uint64_t offset, char* bytes, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const auto n = ::pread(file.number(), bytes + done, size - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("read");
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

void copy(const FileRange& from, const Descriptor& to) {
  std::vector<char> block(static_cast<std::size_t>(std::min<std::uint64_t>(from.size, kBlock)));
  for (std::uint64_t done = 0; done < from.size;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(from.size - done, block.size()));
    const auto n = read_at(*from.file, from.offset + done, block.data(), wanted);
    if (n == 0) throw std::system_error(EIO, std::generic_category(), "copy");
    write_all(to, {block.data(), n});
    done += n;
  }
}

bool Folder::lies_below(std::string_view path) {
  if (path.find('\0') != std::string_view::npos) return false;
  const auto steps = split(path, '/');
  return std::none_of(steps.begin(), steps.end(),
                      [](const auto& step) { return step.empty() || step == "." || step == ".."; });
}

std::optional<Folder::File> Folder::open(std::string_view path) const {
  if (!lies_below(path)) return std::nullopt;
  const auto [parent, name] = parent_of(path_, path, Missing::refused);
  if (!parent) return std::nullopt;
  // Without O_NONBLOCK a pipe would wait for a writer.
  Descriptor file(::openat(parent.number(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat found {};
  if (!file || ::fstat(file.number(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  return File{{std::make_shared<const Descriptor>(std::move(file)), 0, static_cast<std::uint64_t>(found.st_size)},
              found.st_mtim};
}

Descriptor Folder::create(std::string_view path) const {
  if (!lies_below(path)) throw std::invalid_argument("not below the folder: " + std::string(path));
  const auto [parent, name] = parent_of(path_, path, Missing::made);
  if (!parent) fail(path_.c_str());
  Descriptor file(::openat(parent.number(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file && errno != EEXIST) fail(name.c_str());
  return file;
}

bool Folder::remove(std::string_view path) const {
  if (!lies_below(path)) return false;
  const auto [parent, name] = parent_of(path_, path, Missing::refused);
  return parent && ::unlinkat(parent.number(), name.c_str(), 0) == 0;
}

} // namespace base
