#include "app/database.hpp"
#include "app/defaults.hpp"
#include "cli/command.hpp"
#include "commerce/entities.hpp"
#include "commerce/user/service.hpp"
#include <cstdio>

namespace cli {
namespace {

std::optional<std::string> given(const Arguments& arguments, std::string_view name) {
  return arguments.has(name) ? std::optional<std::string>(arguments.value(name)) : std::nullopt;
}

int user(const Arguments& arguments) {
  if (!arguments.has("email")) throw UsageError("--email is missing");
  const config::Config config = load_config(arguments);
  const app::Backing backing(config, db::Embedding::beside_another);
  commerce::add_entities();
  db::run_blocking(backing.options(1), [&](db::Database& database) {
    app::check_schema(database.shared(), config);
    ports::Call call(database, config, config.flags);
    const std::string email = arguments.value("email");
    if (!arguments.has("invite")) {
      commerce::user::create(call,
                             {.email = email, .id = given(arguments, "id"), .password = given(arguments, "password")});
      return;
    }
    const std::string token = commerce::user::invite(call, email, "admin");
    const std::string text = "Invite token: " + token +
                             "\nOpen the invite in Medusa Admin at: [your-admin-url]/invite?token=" + token + "\n";
    std::fputs(text.c_str(), stdout);
  });
  return 0;
}
} // namespace

const Command user_command{"user",
                           {},
                           "Makes an admin user, or an invitation for one.",
                           {
                               {"email", 'e', "address", "address of the user"},
                               {"password", 'p', "password", "password of the user"},
                               {"id", 'i', "id", "id of the user"},
                               {"invite", 0, {}, "make an invitation instead of a user"},
                           },
                           user};

} // namespace cli
