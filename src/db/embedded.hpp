// A PostgreSQL server of our own for projects without DATABASE_URL: Debian's postgresql (15 or newer), data under
// <project>/.stheno/postgres, reachable through a Unix socket alone, gone when this process is.
// Owns: the server's process, the lock on its folder. Called by app and cli on the main thread, which must outlive it:
// the kernel stops the server when the thread that started it ends. Blocks.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace db {

// Whether a server that another stheno runs on the same folder will do.
enum class Embedding { alone, beside_another };

class EmbeddedServer {
 public:
  using Progress = std::function<void(std::string_view)>;
  // Makes the data folder when there is none, starts the server and waits until it answers. Started by root, the
  // server runs as the owner of its folder: `postgres`, or `nobody` where there is no such user.
  // Throws std::runtime_error with what to do about it.
  static std::unique_ptr<EmbeddedServer> start(const std::string& project, const Progress& progress = {},
                                               Embedding embedding = Embedding::alone);
  // The version that new data would be made by; throws as start() does where none is installed.
  static int installed_version();
  // stop()
  ~EmbeddedServer();
  EmbeddedServer(const EmbeddedServer&) = delete;
  EmbeddedServer& operator=(const EmbeddedServer&) = delete;

  // A URL that libpq, node-postgres and psql understand.
  const std::string& url() const { return url_; }
  int process() const { return process_; }
  // Whether the process that was started has ended by itself.
  bool has_ended();
  // Behind has_ended(): on the same data, at the same URL. Gives up with an exception when `canceled` says so.
  void start_again(const std::function<bool()>& canceled);
  // Waits for other commands that use it, for half a minute at most; then fast shutdown: sessions are ended, data is
  // written. Returns when the process is gone.
  void stop();

 private:
  struct Place;
  explicit EmbeddedServer(Progress progress);
  bool join();
  void launch(const std::function<bool()>& canceled);

  std::unique_ptr<Place> place_;
  Progress progress_;
  std::string url_, temporary_;
  int process_ = -1;
  int lock_ = -1, users_ = -1; // files: who runs the server holds the first, who uses another's shares the second
};

} // namespace db
