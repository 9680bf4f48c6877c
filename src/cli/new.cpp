#include "base/ids.hpp"
#include "base/strings.hpp"
#include "base/terminal.hpp"
#include "cli/command.hpp"
#include "cli/starter.hpp"
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace cli {
namespace {
namespace fs = std::filesystem;

// Where each file of the starter goes: names that begin with a dot are hidden from whoever looks at the starter.
constexpr std::pair<std::string_view, std::string_view> kPlaces[] = {
    {"env", ".env"}, {"gitignore", ".gitignore"}, {"seed.json", "data/seed.json"}};

std::string place_of(std::string_view name) {
  for (const auto& [file, place] : kPlaces)
    if (file == name) return std::string(place);
  return std::string(name);
}

// A name that npm takes for a package and PostgreSQL for a database.
std::string plain_name(const std::string& name) {
  std::string out;
  for (const char c : base::lower(name))
    out += std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' ? c : '-';
  while (!out.empty() && !std::isalpha(static_cast<unsigned char>(out.front()))) out.erase(0, 1);
  return out.empty() ? "shop" : out;
}

std::string secret() {
  std::string out;
  for (const unsigned char byte : base::random_bytes(32)) {
    constexpr char kHex[] = "0123456789abcdef";
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

std::string filled(std::string text, std::span<const std::pair<std::string, std::string>> values) {
  for (const auto& [name, value] : values)
    for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; at += value.size())
      text.replace(at, name.size(), value);
  return text;
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error(path.string() + " can't be written");
}

int make(const Arguments& arguments) {
  if (arguments.words.size() != 1) throw UsageError("new takes the folder to make: stheno new my-shop");
  const fs::path folder = arguments.words.front();
  std::error_code failure;
  if (fs::exists(folder, failure) && (!fs::is_directory(folder, failure) || !fs::is_empty(folder, failure)))
    throw std::runtime_error(folder.string() + " is there already, and is not empty. Nothing has been written.");
  const std::string name = fs::absolute(folder).lexically_normal().filename().string();
  if (name.empty()) throw UsageError("new takes a folder with a name, such as my-shop");
  const std::vector<std::pair<std::string, std::string>> values = {{"{{name}}", name},
                                                                   {"{{package}}", plain_name(name)},
                                                                   {"{{database}}", plain_name(name)},
                                                                   {"{{jwt_secret}}", secret()},
                                                                   {"{{cookie_secret}}", secret()}};
  for (const StarterFile& file : starter_files())
    write(folder / place_of(file.name), filled(std::string(file.text), values));
  // Its secrets are for its owner.
  fs::permissions(folder / ".env", fs::perms::owner_read | fs::perms::owner_write, failure);
  const std::string text = "Made the project " + folder.string() + ". What to do next:\n\n  cd " + folder.string() +
                           "\n  stheno seed -f data/seed.json     # once: products, and an admin: admin@example.com / "
                           "supersecret\n  stheno start                      # http://localhost:9000\n\n" +
                           "`npm install` there brings the dashboard and Medusa itself; README.md says more.\n";
  std::fputs(text.c_str(), stdout);
  return 0;
}
} // namespace

const Command new_command{
    "new", "folder", "Makes the folder of a new project, which this server and Medusa start.", {}, make};

} // namespace cli
