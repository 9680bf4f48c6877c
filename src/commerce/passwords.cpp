#include "commerce/passwords.hpp"
#include "base/error.hpp"

namespace commerce {

std::optional<base::Login> log_in(ports::Call& call, const db::Result& found, std::string_view password,
                                  const db::Statement& strengthen) {
  const auto hash = found.empty() ? std::nullopt : found.optional_text(0, 1);
  if (!base::check_password(password, hash)) return std::nullopt;
  const std::string id(found.text(0, 0));
  if (const auto stronger = base::stronger_hash(password, *hash)) try {
      call.db().run(strengthen, db::Params::of(*stronger, id, *hash));
    } catch (const base::Error&) {
      // A database that takes no writes now takes them at another log-in.
    }
  return base::Login{id, base::password_mark(id, *hash)};
}

} // namespace commerce
