// A PostgreSQL server of our own for projects without DATABASE_URL: Debian's postgresql-15, data under
// <project>/.stheno/postgres, reachable through a Unix socket alone, gone when this process is.
// Owns: the server's process, the lock on its folder. Called by app and cli on the main thread, which must outlive it:
// the kernel stops the server when the thread that started it ends. Blocks.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace db {

class EmbeddedServer {
 public:
  using Progress = std::function<void(std::string_view)>;
  // Makes the data folder when there is none, starts the server and waits until it answers. Started by root, the
  // server runs as the owner of its folder: `postgres`, or `nobody` where there is no such user.
  // Throws std::runtime_error with what to do about it.
  static std::unique_ptr<EmbeddedServer> start(const std::string& project, const Progress& progress = {});
  // stop()
  ~EmbeddedServer();
  EmbeddedServer(const EmbeddedServer&) = delete;
  EmbeddedServer& operator=(const EmbeddedServer&) = delete;

  // A URL that libpq, node-postgres and psql understand.
  const std::string& url() const { return url_; }
  int process() const { return process_; }
  // Fast shutdown: sessions are ended, data is written. Returns when the process is gone.
  void stop();

 private:
  EmbeddedServer() = default;
  std::string url_, temporary_;
  int process_ = -1;
  int lock_ = -1;
};

} // namespace db
