// Files: descriptors that close themselves, nameless temporary files, and a folder whose paths never lead out of it. All of
// it may wait for a disk: see base/aside.hpp. Called by http (uploads, downloads) and by what keeps files. Any thread.
#pragma once
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace base {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

// A part of an open file.
struct FileRange {
  std::shared_ptr<const Descriptor> file{};
  std::uint64_t offset = 0, size = 0;
};

// A file without a name, which is gone when it is closed. Throws std::system_error.
Descriptor temporary_file();
// Each throws std::system_error when it can't do all.
void write_all(const Descriptor& file, std::string_view bytes);
void copy(const FileRange& from, const Descriptor& to);
// Reads up to `size` bytes from `offset`; fewer only at the end of the file.
std::size_t read_at(const Descriptor& file, std::uint64_t offset, char* bytes, std::size_t size);

class Folder {
 public:
  explicit Folder(std::string path) : path_(std::move(path)) {}
  const std::string& path() const { return path_; }

  struct File {
    FileRange bytes;
    std::timespec modified{};
  };
  // An ordinary file below the folder; nullopt where there is none. Links are not followed, whatever they lead to.
  std::optional<File> open(std::string_view path) const;
  // A new file, and the folders on its way; an empty descriptor where there is one of that name already. Throws
  // std::system_error, and std::invalid_argument for a path that does not lie below.
  Descriptor create(std::string_view path) const;
  // Removes a file; false where there is none.
  bool remove(std::string_view path) const;
  // "a/b.png", but not "/a", "a//b", "../b" or "a/./b".
  static bool lies_below(std::string_view path);

 private:
  std::string path_;
};

} // namespace base
