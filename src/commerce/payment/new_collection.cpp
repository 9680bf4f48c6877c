#include "commerce/payment/new_collection.hpp"
#include "base/time.hpp"
#include "query/write.hpp"

namespace commerce::payment {

std::string create_collection(ports::Call& call, const CollectionWish& wish) {
  const auto& entity = schema::get("PaymentCollection");
  // Its times are told, so that the whole row is known for the event.
  const std::string now = base::iso_time(base::now());
  base::Json row = base::JsonObject{{"created_at", now},           {"updated_at", now},
                                    {"deleted_at", nullptr},       {"type", "order_edit"},
                                    {"status", "not_paid"},        {"description", wish.description},
                                    {"amount", wish.amount},       {"authorized_amount", nullptr},
                                    {"region_id", wish.region_id}, {"currency_code", wish.currency_code},
                                    {"metadata", nullptr},         {"created_by", wish.created_by}};
  call.write_last(query::insert(entity, row));
  std::string id = row["id"].as_string();
  call.emit("payment-collection.created", std::move(row));
  return id;
}

} // namespace commerce::payment
