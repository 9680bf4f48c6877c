// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/gift_card/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_gift_card_entities() {
  schema::add({
      .name = table::GiftCard::name,
      .table = "gift_card",
      .prefix = "gift",
      .key = "id",
      .columns = listed(table::GiftCard::columns),
      .relations = listed(table::GiftCard::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::GiftCardTransaction::name,
      .table = "gift_card_transaction",
      .prefix = "gct",
      .key = "id",
      .columns = listed(table::GiftCardTransaction::columns),
      .relations = listed(table::GiftCardTransaction::relations),
  });
}

} // namespace commerce
