#include "base/files.hpp"
#include "base/ids.hpp"
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

namespace {
struct Scratch {
  fs::path path = fs::temp_directory_path() / ("stheno-files-" + base::make_id("test"));
  Scratch() { fs::create_directories(path / "in"); }
  ~Scratch() { fs::remove_all(path); }
  void put(const std::string& name, std::string_view text) const { std::ofstream(path / name) << text; }
};
std::string text_of(const base::FileRange& bytes) {
  std::string text(bytes.size, ' ');
  text.resize(base::read_at(*bytes.file, bytes.offset, text.data(), text.size()));
  return text;
}
} // namespace

TEST_CASE("files: paths lie below the folder or are none") {
  for (const char* good : {"a", "a/b.png", ".a", "..a", "a b", "a\\..\\b"}) CHECK(base::Folder::lies_below(good));
  for (const char* bad : {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b"})
    CHECK_FALSE(base::Folder::lies_below(bad));
  CHECK_FALSE(base::Folder::lies_below(std::string_view("a\0b", 3)));
}

TEST_CASE("files: a folder hands out its own ordinary files only") {
  const Scratch scratch;
  scratch.put("secret", "s");
  scratch.put("in/open", "hello");
  fs::create_symlink("../secret", scratch.path / "in/link");
  fs::create_symlink("..", scratch.path / "in/up");
  fs::create_directory(scratch.path / "in/folder");
  const base::Folder folder((scratch.path / "in").string());
  CHECK(text_of(folder.open("open")->bytes) == "hello");
  for (const char* none : {"link", "up/secret", "../secret", "folder", "none", "open/x", ""})
    CHECK_FALSE(folder.open(none));
  CHECK_FALSE(folder.remove("up/secret"));
  CHECK_FALSE(folder.remove("../secret"));
  CHECK(folder.remove("link")); // the link, not what it leads to
  CHECK(fs::exists(scratch.path / "secret"));
  CHECK(folder.remove("open"));
  CHECK_FALSE(folder.remove("open"));
  CHECK_FALSE(base::Folder((scratch.path / "missing").string()).open("a"));
}

TEST_CASE("files: new files are new, and never outside") {
  const Scratch scratch;
  fs::create_symlink("..", scratch.path / "in/up");
  const base::Folder folder((scratch.path / "in/new").string());
  base::Descriptor temporary = base::temporary_file();
  base::write_all(temporary, "0123456789");
  const base::FileRange middle{std::make_shared<const base::Descriptor>(std::move(temporary)), 2, 5};
  base::copy(middle, folder.create("a/b/c"));
  CHECK(text_of(folder.open("a/b/c")->bytes) == "23456");
  CHECK_FALSE(folder.create("a/b/c"));
  CHECK_THROWS_AS(folder.create("../x"), std::invalid_argument);
  CHECK_THROWS(base::Folder((scratch.path / "in").string()).create("up/x"));
  CHECK_FALSE(fs::exists(scratch.path / "x"));
}
