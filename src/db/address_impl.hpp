// Where PostgreSQL is and how to speak to it: a URL in any form of node-postgres or libpq, laid over the options of
// database_extra, as libpq's keywords. Internal to db.
// Owns: nameless files with certificates, which libpq takes as paths; they live as long as their Address. Any thread.
#pragma once
#include "db/options.hpp"
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace db {

// What a URL says, by node-postgres' names ("host", "database", "sslmode" ...); all values are texts.
struct Url {
  base::Json values = base::Json::object();
  bool libpq = false; // libpq's keywords, whose sslmode means what libpq means
};
// Throws base::Error unavailable that says what is wrong, without the password.
Url parse_url(const std::string& text);

// A file without a name, readable by this user alone.
class NamelessFile {
 public:
  explicit NamelessFile(const std::string& text);
  ~NamelessFile();
  NamelessFile(NamelessFile&& o) noexcept : descriptor_(std::exchange(o.descriptor_, -1)) {}
  NamelessFile& operator=(NamelessFile&&) = delete;
  std::string path() const;

 private:
  int descriptor_;
};

// Of PostgreSQL: names and values as set_config() takes them.
using Settings = std::vector<std::pair<std::string, std::string>>;

struct Address {
  std::vector<std::pair<std::string, std::string>> keywords;
  Settings settings;                          // {"statement_timeout", "1000"}
  std::chrono::milliseconds patience{10'000}; // for one attempt to connect
  std::vector<NamelessFile> files;

  const std::string* find(std::string_view keyword) const;
  void set(std::string_view keyword, std::string value);
  void set_default(std::string_view keyword, std::string value);
};

// Throws base::Error unavailable.
Address address_of(const Options& options);

// Takes the settings of "-c name=value --name=value" out of the keyword `options`, which poolers refuse or drop, and adds
// them to `settings`. Leaves all as it is where it reads anything else there.
void take_options_apart(Address& address);

// What this server reads and writes depends on, the address' own settings among it.
Settings settings_of(const Options& options, const Address& address);

} // namespace db
