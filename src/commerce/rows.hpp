// Rows of one table that belong to one whole (the items of a cart), changed in memory and then written: what was, what
// is, and the statements that make the difference. Nothing is written where nothing changed.
// Called by services that load a whole, decide, and write in one batch; on the fiber of the request.
#pragma once
#include "base/json.hpp"
#include "db/batch.hpp"
#include "db/db.hpp"
#include "query/returned.hpp"
#include "schema/schema.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce {

class Rows {
 public:
  // `rows`: objects with the table's columns, as query::row_value makes them.
  explicit Rows(std::string_view entity, base::JsonArray rows = {});

  const base::JsonArray& all() const { return rows_; }
  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }
  const base::Json* find(std::string_view id) const;
  void set(std::string_view id, std::string_view column, base::Json value);
  void set_all(std::string_view column, const base::Json& value);
  // Adds a row (its id is made where missing) and returns the id.
  std::string add(base::Json row);
  void remove(std::string_view id);
  void clear();
  // The row is no longer among these, and nothing is written for that.
  void forget(std::string_view id);

  // DELETE, UPDATE and INSERT, each at most once.
  std::vector<db::Command> writes() const;
  // The same as part of a batch, where the rows that are written come back with these columns.
  struct Written {
    std::vector<std::string> removed;
    std::vector<db::Batch::Slot> rows;
  };
  Written write(db::Batch& batch, const query::Returned& returned) const;

 private:
  const schema::Entity* entity_;
  base::JsonArray rows_, before_;
  std::vector<std::string> removed_;
};

// Appends `more` to `writes`.
void append(std::vector<db::Command>& writes, std::vector<db::Command> more);

} // namespace commerce
