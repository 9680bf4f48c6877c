#include "db/client_environment.hpp"
#include "db/address_impl.hpp"
#include <cstdlib>
#include <fcntl.h>
#include <libpq-fe.h>
#include <map>

namespace db {
namespace {

// libpq's keywords that have a variable.
std::map<std::string, std::string> variables() {
  std::map<std::string, std::string> names;
  PQconninfoOption* options = PQconndefaults();
  for (auto* option = options; option && option->keyword; ++option)
    if (option->envvar) names.emplace(option->keyword, option->envvar);
  PQconninfoFree(options);
  return names;
}

// A word of PGOPTIONS, where blanks part words.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

} // namespace

void set_client_environment(const Options& options) {
  // Lives as long as the process: its files are read by the program that comes.
  static std::vector<Address> kept;
  const Address& address = kept.emplace_back(address_of(options));
  for (const auto& [keyword, variable] : variables())
    if (const std::string* value = address.find(keyword)) ::setenv(variable.c_str(), value->c_str(), 1);
  for (const NamelessFile& file : address.files) {
    const int descriptor = std::atoi(file.path().substr(file.path().rfind('/') + 1).c_str());
    ::fcntl(descriptor, F_SETFD, ::fcntl(descriptor, F_GETFD) & ~FD_CLOEXEC);
  }
  if (options.schema.empty()) return;
  const std::string* given = address.find("options");
  const std::string path =
      (given ? *given + " " : "") + "-c search_path=" + escaped(settings_of(options, address).back().second);
  ::setenv("PGOPTIONS", path.c_str(), 1);
}

} // namespace db
