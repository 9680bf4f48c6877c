// What tables look like: one description per entity, from which SQL, JSON, filters and body rules follow.
// Owns: Column, Relation, Entity and the registry of all entities, filled before main's work begins and read-only
// afterwards. Called by query, http and commerce, on any thread.
#pragma once
#include "base/json.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace schema {

// How a column's text becomes JSON, and how a JSON value is checked before it becomes a parameter.
enum class Type { text, integer, number, boolean, timestamp, json, enumeration, text_array, numeric };

// Columns and relations that exist only while a feature flag is on.
enum class Flag {
  none,
  sales_channels,
  product_categories,
  publishable_api_keys,
  order_editing,
  tax_inclusive_pricing,
  analytics
};

enum class Shown { always, never }; // `never`: loaded by code, never selected by default (TypeORM's select: false)

// Which numbers a client may write: quantities, amounts, rates and measures are never below zero.
enum class Signed { no, yes };

struct Column {
  std::string_view name;
  Type type;
  bool nullable = false;
  Shown shown = Shown::always;
  Flag flag = Flag::none;
  Signed is_signed = Signed::no;

  // What PostgreSQL's type of that column holds (integer: int4, number: real), from zero on where it is not signed.
  struct Range {
    double least, most;
  };
  std::optional<Range> range() const; // none for what is no number
  // Whether the column can hold that value at all, whatever a client may write. What is no number is not looked at; a text
  // is one that a number is compared with.
  bool holds(const base::Json& value) const;
  bool compares_with(std::string_view text) const;
};

enum class RelationKind {
  to_one,       // own column -> target's key
  to_many,      // target's column -> own key
  many_to_many, // through a join table
  inverse_one,  // target's column -> own key, at most one row
};

struct Entity;

struct Relation {
  std::string_view name;
  RelationKind kind;
  std::string_view target;          // the target entity's class name, resolved by check()
  std::string_view column;          // to_one: own column; to_many, inverse_one: the target's column; many_to_many: the
                                    // join table's column that refers to this entity
  std::string_view target_column{}; // to_one: referenced column of the target ("id" where empty); many_to_many: the
                                    // join table's column that refers to the target
  std::string_view join_table{};
  Flag flag = Flag::none;
  std::string_view order_by{}; // SQL by which its rows stand ("t.created_at, j.ctid"); empty: as the table gives them
};

struct Entity {
  std::string_view name;         // Medusa's class, for example "ProductVariant"
  std::string_view table;        // quoted where SQL needs it, by the printer
  std::string_view prefix;       // of ids; "" where the caller makes the key
  std::string_view key;          // primary key column
  std::vector<Column> columns{}; // in the order in which JSON shows them
  std::vector<Relation> relations{};
  bool soft_delete = false; // has deleted_at, and reads leave deleted rows out
  std::string_view
      object{}; // what a row says that it is, ahead of its columns, where it stands within another: "order"

  const Column* column(std::string_view name) const;
  const Relation* relation(std::string_view name) const;
};

// Adds an entity at static initialisation: `const schema::Entity& product = schema::add({...});`
const Entity& add(Entity entity);
const Entity* find(std::string_view class_name);
const Entity& get(std::string_view class_name); // throws std::logic_error: a name in code must exist
std::vector<const Entity*> all();               // by name
// Faults in the descriptions themselves (unknown targets, missing columns), all at once; empty when sound.
std::vector<std::string> check();

} // namespace schema
