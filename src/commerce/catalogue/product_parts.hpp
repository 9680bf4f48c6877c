// What a product hangs on besides its own columns: images, tags, a type, sales channels and categories, as a body names
// them. What exists is found by its url or value, what doesn't is made; two admins who name the same new tag get one.
// Called by the creation and the change of a product, on the request's fiber, inside its transaction.
#pragma once
#include "base/json.hpp"
#include "db/batch.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::catalogue {

class ProductParts {
 public:
  // Of the body's images, tags, type, sales_channels and categories. `product_id`: empty where it is about to be made.
  explicit ProductParts(const base::Json& body, std::string_view product_id = {});

  // Adds the statements that look for what the body names; `found` reads the rows of the slot. Throws base::RequestErrors for
  // sales channels that are not there.
  db::Batch::Slot look_up(db::Batch& batch) const;
  void found(const db::Result& rows);

  // The type's id where the body names one, null where it takes it away; undefined where it says nothing.
  const base::Json& type_id() const { return type_id_; }
  // The first image's address; none without images.
  std::optional<std::string> first_image() const;
  // What is made anew; ahead of the product, which refers to it.
  std::vector<db::Command> made();
  // What the product is linked to from now on, for each list that the body names.
  std::vector<db::Command> links(std::string_view product_id) const;

 private:
  // A list that goes over a join table. A fresh one is linked anew as a whole, so that its rows lie in that order.
  enum class Relink { what_changed, all };
  struct Link {
    std::string_view table, column;
    std::vector<std::string> ids;
    Relink relink = Relink::what_changed;
  };
  std::vector<std::string> ordered_images(const db::Result& rows);
  const base::Json* body_;
  std::string product_id_;
  std::vector<std::string> images_, tags_; // addresses and values, each once
  base::Json type_id_;
  base::JsonArray written_images_, new_tags_, new_types_;
  std::vector<Link> links_;
};

} // namespace commerce::catalogue
