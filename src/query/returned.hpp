// Writes that return the rows as they are then, with defaults, times and all that the database makes of them: what is shown after a
// change need not be read again (in_hand.hpp). Owns nothing. Called by commerce, on any thread.
#pragma once
#include "base/json.hpp"
#include "db/db.hpp"
#include "schema/flags.hpp"
#include "schema/schema.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace query {

// What a statement returns of each row that it writes, in this order; nothing where it is empty.
using Returned = std::vector<const schema::Column*>;
// All columns that the entity's table has.
Returned all_columns(const schema::Entity& entity, const schema::Flags& flags);

// As write.hpp's.
db::Command insert(const schema::Entity& entity, base::JsonArray& rows, const Returned& returned);
db::Command insert(const schema::Entity& entity, base::Json& row, const Returned& returned);
db::Command update(const schema::Entity& entity, std::string_view id, const base::Json& changes,
                   const Returned& returned);
db::Command update_each(const schema::Entity& entity, const base::JsonArray& rows, const Returned& returned);
// " RETURNING id, ..." for statements that are written by hand.
std::string returning(const Returned& returned, std::string_view prefix = {});

} // namespace query
