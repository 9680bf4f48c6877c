#include "commerce/passwords.hpp"
#include "base/error.hpp"
#include "http/crypto.hpp"

namespace commerce {

std::optional<http::Login> log_in(ports::Call& call, const db::Result& found, std::string_view password,
                                  const db::Statement& strengthen) {
  const auto hash = found.empty() ? std::nullopt : found.optional_text(0, 1);
  if (!http::check_password(password, hash)) return std::nullopt;
  const std::string id(found.text(0, 0));
  if (const auto stronger = http::stronger_hash(password, *hash)) try {
      call.db().run(strengthen, db::Params::of(*stronger, id, *hash));
    } catch (const base::Error&) {
      // A database that takes no writes now takes them at another log-in.
    }
  return http::Login{id, http::password_mark(id, *hash)};
}

} // namespace commerce
