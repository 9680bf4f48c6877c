#include "query/kept.hpp"
#include "query/print.hpp"
#include "query/returned.hpp"
#include <map>
#include <memory>
#include <mutex>

namespace query {
namespace {

using schema::RelationKind;

// What tells questions apart. Relations and entities are never moved once the server runs.
struct Name {
  const db::KeptRows* rows;
  const void* of; // a relation or an entity
  Deleted deleted;
  std::uint32_t flags;
  std::string order_by;                          // besides what the relation says
  auto operator<=>(const Name&) const = default; // NOLINT(modernize-use-nullptr): clang 14 takes <=> for a zero
};

std::uint32_t bits_of(const schema::Flags& flags) {
  using enum schema::Flag;
  std::uint32_t bits = 0;
  for (const auto flag :
       {sales_channels, product_categories, publishable_api_keys, order_editing, tax_inclusive_pricing, analytics})
    bits = bits << 1 | (flags.on(flag) ? 1 : 0);
  return bits;
}

void describe(KeptQuestion& question, const schema::Entity& entity, const schema::Flags& flags) {
  int next = 0;
  for (const auto& column : entity.columns) question.places.push_back(flags.on(column.flag) ? next++ : -1);
}

int place_of(const KeptQuestion& question, const schema::Entity& entity, std::string_view column) {
  return question.places[static_cast<std::size_t>(entity.column(column) - entity.columns.data())];
}

// The column of `target` by which a relation's rows are found; empty: that of a join table.
std::string_view found_by(const schema::Relation& relation, const schema::Entity& target) {
  if (relation.kind == RelationKind::many_to_many) return {};
  if (relation.kind != RelationKind::to_one) return relation.column;
  return relation.target_column.empty() ? target.key : relation.target_column;
}

bool is_watched(const db::KeptRows& rows, const schema::Relation& relation, const schema::Entity& target) {
  if (relation.kind == RelationKind::many_to_many)
    return rows.watches(relation.join_table, relation.column) && rows.watches(target.table);
  return rows.watches(target.table, found_by(relation, target));
}

std::unique_ptr<KeptQuestion> made(const schema::Relation& relation, const schema::Entity& target,
                                   const Selection::Child& wanted, const schema::Flags& flags) {
  const Selection::Child plain{.relation = {}, .selection = {}, .deleted = wanted.deleted, .order_by = wanted.order_by};
  auto question = std::make_unique<KeptQuestion>(
      KeptQuestion{{print_relation(relation, target, all_columns(target, flags), plain, {}).statement, 0, {}}, {}});
  describe(*question, target, flags);
  if (relation.kind == RelationKind::many_to_many) {
    question->kept.key = question->parent = static_cast<int>(all_columns(target, flags).size());
    question->kept.sources = {{relation.join_table, relation.column}, {target.table, {}}};
  } else {
    const auto column = found_by(relation, target);
    question->kept.key = place_of(*question, target, column);
    question->kept.sources = {{target.table, column}};
  }
  return question;
}

std::unique_ptr<KeptQuestion> made(const schema::Entity& entity, Deleted deleted, const schema::Flags& flags) {
  // As a relation that leads to the key.
  const schema::Relation itself{.name = {}, .kind = RelationKind::to_one, .target = entity.name, .column = entity.key};
  const Selection::Child plain{.relation = {}, .selection = {}, .deleted = deleted};
  return made(itself, entity, plain, flags);
}

// Each thread finds questions without a lock once it has met them; all threads have the same ones, since rows are kept by them.
template<class Make> const KeptQuestion* question_of(const Name& name, Make&& make) {
  thread_local std::map<Name, const KeptQuestion*> known;
  if (const auto found = known.find(name); found != known.end()) return found->second;
  static std::mutex mutex;
  static std::map<Name, std::unique_ptr<KeptQuestion>> all;
  const std::lock_guard lock(mutex);
  auto found = all.find(name);
  if (found == all.end()) found = all.emplace(name, make()).first;
  return known[name] = found->second.get();
}

} // namespace

const KeptQuestion* kept_question(const db::KeptRows& rows, const schema::Relation& relation,
                                  const schema::Entity& target, const Selection::Child& wanted,
                                  const schema::Flags& flags) {
  if (!wanted.where.empty()) return nullptr;
  return question_of({&rows, &relation, wanted.deleted, bits_of(flags), wanted.order_by}, [&] {
    return is_watched(rows, relation, target) ? made(relation, target, wanted, flags) : nullptr;
  });
}

const KeptQuestion* kept_question(const db::KeptRows& rows, const schema::Entity& entity, Deleted deleted,
                                  const schema::Flags& flags) {
  return question_of({&rows, &entity, deleted, bits_of(flags), {}},
                     [&] { return rows.watches(entity.table, entity.key) ? made(entity, deleted, flags) : nullptr; });
}

} // namespace query
