// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/claim/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_claim_entities() {
  schema::add({
      .name = table::ClaimOrder::name,
      .table = "claim_order",
      .prefix = "claim",
      .key = "id",
      .columns = listed(table::ClaimOrder::columns),
      .relations = listed(table::ClaimOrder::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ClaimItem::name,
      .table = "claim_item",
      .prefix = "citm",
      .key = "id",
      .columns = listed(table::ClaimItem::columns),
      .relations = listed(table::ClaimItem::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ClaimImage::name,
      .table = "claim_image",
      .prefix = "cimg",
      .key = "id",
      .columns = listed(table::ClaimImage::columns),
      .relations = listed(table::ClaimImage::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::ClaimTag::name,
      .table = "claim_tag",
      .prefix = "ctag",
      .key = "id",
      .columns = listed(table::ClaimTag::columns),
      .soft_delete = true,
  });
}

} // namespace commerce
