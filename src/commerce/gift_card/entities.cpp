// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_gift_card_entities() {
  schema::add({
      .name = "GiftCard",
      .table = "gift_card",
      .prefix = "gift",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"code", text},
              {"value", integer},
              {"balance", integer},
              {"region_id", text},
              {"order_id", text, nullable},
              {"is_disabled", boolean},
              {"ends_at", timestamp, nullable},
              {"tax_rate", number, nullable},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"region", to_one, "Region", "region_id"},
              {"order", to_one, "Order", "order_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "GiftCardTransaction",
      .table = "gift_card_transaction",
      .prefix = "gct",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"gift_card_id", text},
              {"order_id", text},
              {"amount", integer},
              {"created_at", timestamp},
              {"is_taxable", boolean, nullable},
              {"tax_rate", number, nullable},
          },
      .relations =
          {
              {"gift_card", to_one, "GiftCard", "gift_card_id"},
              {"order", to_one, "Order", "order_id"},
          },
  });
}

} // namespace commerce
