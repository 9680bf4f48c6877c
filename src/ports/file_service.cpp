#include "ports/file_service.hpp"
#include "base/error.hpp"

namespace ports {
namespace {

// Medusa 1.20: DefaultFileService
class NoFileService final : public FileService {
 public:
  StoredFile upload(Call&, const NewFile&, Readers) const override { refuse(); }
  std::unique_ptr<Upload> open_upload(Call&, std::string_view, Readers) const override { refuse(); }
  std::unique_ptr<Download> open_download(Call&, std::string_view) const override { refuse(); }
  void remove(Call&, std::string_view) const override { refuse(); }
  std::string download_url(Call&, std::string_view) const override { refuse(); }

 private:
  [[noreturn]] static void refuse() {
    throw base::Error::unexpected_state("Please add a file service plugin in order to manipulate files in Medusa");
  }
};

std::unique_ptr<FileService>& installed() {
  static std::unique_ptr<FileService> service = std::make_unique<NoFileService>();
  return service;
}

} // namespace

void set_file_service(std::unique_ptr<FileService> service) { installed() = std::move(service); }
const FileService& file_service() { return *installed(); }

} // namespace ports
