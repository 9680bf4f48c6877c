#include "commerce/store/notes.hpp"
#include "http/resource.hpp"

namespace commerce::store {
namespace {

using http::Answer;
using http::Change;
using http::Is;
using http::Presence;

void sign(Change& change) {
  change.values.set("author_id", change.call.identity.user_id);
  change.values.set("metadata", base::Json::object());
}

http::Resource notes() {
  return http::Resource{.path = "/admin/notes",
                        .entity = "Note",
                        .one = "note",
                        .many = "notes",
                        .not_found = "Note with id: {id} was not found.",
                        .read = {.relations = {"author"}},
                        .filters = {{"resource_id", http::By::text}},
                        .refused = {"fields", "expand", "order"},
                        .limit = 50,
                        .order = {{"created_at"}, {"id"}},
                        .auth = http::Auth::admin}
      .list()
      .retrieve(http::QueryUse::ignored)
      .create({.body = {{{"resource_id", Is::string, Presence::not_empty_first},
                         {"resource_type", Is::string, Presence::not_empty_first},
                         {"value", Is::string, Presence::not_empty_first}}},
               .hook = sign,
               .event = "note.created",
               .answer = Answer::saved})
      .update({.body = {{{"value", Is::string}}}, .event = "note.updated", .answer = Answer::saved})
      .remove({.object = "note", .event = "note.deleted"});
}

} // namespace

http::Routes note_routes() { return notes().routes(); }

} // namespace commerce::store
