// Rows that whoever reads has in hand already: those of a tree that was read before in the same transaction, as its own writes
// have left them. A read that is given them asks the database for nothing that is among them.
// Owns: the tree, and what has become of its rows since. Made by commerce on the fiber of the request, and used for one read.
#pragma once
#include "query/query.hpp"
#include "query/returned.hpp"
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace query {

// A path is the names of relations that lead there from the root ("items.adjustments"); "" is the root itself.
class InHand {
 public:
  // All rows of the tree, whose root has the key that will be read. Relations that the tree lacks are not known.
  InHand(const schema::Flags& flags, Tree tree) : flags_(flags), tree_(std::move(tree)) {}
  // Nothing yet: the row is made by writes of this transaction, and what is not said to hang on it does not exist.
  explicit InHand(const schema::Flags& flags) : flags_(flags) {}

  // Rows as an INSERT or UPDATE has returned them (all_columns): in the place of those with the same key, new ones besides.
  void put(std::string_view path, db::Batch::Slot written);
  // The same of rows that were read at another place, whose tree must last until the read is done. Those of a relation through
  // a join table are the root's.
  void put(std::string_view path, const std::vector<Row>& rows);
  void remove(std::string_view path, const std::vector<std::string>& keys);
  void keep_only(std::string_view path, const std::vector<std::string>& keys);
  // Rows of the other path may be rows of this one from now on (a cart whose two addresses become one).
  void share(std::string_view path, std::string_view other);
  // Not known any more: is asked for, and so is all that hangs on it.
  void forget(std::string_view path);

 private:
  friend class Loader;
  struct Edit {
    std::vector<db::Batch::Slot> written;
    std::vector<Row> rows;
    std::set<std::string, std::less<>> removed;
    std::optional<std::set<std::string, std::less<>>> only;
    std::string shared;
    bool forgotten = false;
    bool adds() const { return !written.empty() || !rows.empty() || !shared.empty(); }
  };
  Edit& edit(std::string_view path) { return edits_[std::string(path)]; }
  const Edit* edited(std::string_view path) const; // null where all rows are as the tree has them
  const Node* node(std::string_view path) const;   // of the tree; null where it has none
  Node* node(std::string_view path) { return const_cast<Node*>(std::as_const(*this).node(path)); }
  bool is_new() const { return !tree_.root; }

  // What a node loads of the rows at a path.
  struct Wanted {
    std::string_view path;
    const schema::Entity& entity;
    const std::vector<const schema::Column*>& columns;
    std::string_view order_by;
    bool joined = false; // through a join table
  };
  // Whether what has become of the rows at the path can be shown in that order.
  bool keeps_order(const Wanted& wanted) const;
  // The rows, a key column behind those of a joined relation; of others only those whose column `link` is one of `keys`.
  db::Result rows(const Wanted& wanted, const schema::Column* link,
                  const std::set<std::string_view, std::less<>>& keys) const;

  schema::Flags flags_;
  Tree tree_;
  std::map<std::string, Edit, std::less<>> edits_;
};

// As query.hpp's, but for what is in hand.
Tree read_one(db::Session& session, const schema::Flags& flags, const Read& read, std::string_view key,
              db::Batch& before, InHand& in_hand);

} // namespace query
