#include "commerce/payment/new_collection.hpp"
#include "query/query.hpp"
#include "query/write.hpp"

namespace commerce::payment {

std::string create_collection(ports::Call& call, const CollectionWish& wish) {
  const auto& entity = schema::get("PaymentCollection");
  base::Json row = base::JsonObject{
      {"type", "order_edit"},         {"status", "not_paid"},        {"description", wish.description},
      {"amount", wish.amount},        {"region_id", wish.region_id}, {"currency_code", wish.currency_code},
      {"created_by", wish.created_by}};
  auto insert = query::insert(entity, row);
  std::string id = row["id"].as_string();
  const auto created = query::read_one(call.db(), call.flags, {.entity = &entity}, id, {std::move(insert)});
  call.emit("payment-collection.created", query::row_value(*created.first()));
  return id;
}

} // namespace commerce::payment
