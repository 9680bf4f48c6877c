#include "ports/remote_fulfillment.hpp"
#include "base/hash.hpp"
#include "base/json_text.hpp"
#include <fmt/format.h>

namespace ports {

using base::Json;
using base::JsonObject;

namespace {

// What is packed now of which items: the same again only when nothing of it has been packed since.
std::string mark_of(const Json& items) {
  std::string text;
  if (items.is_array())
    for (const auto& item : items.as_array())
      text += item["id"].dump() + item["item_id"].dump() + item["fulfilled_quantity"].dump() + item["quantity"].dump();
  return fmt::format("{:016x}", base::keyed_hash(text, {.first = 1, .second = 2}));
}

std::string id_of(const Json& object) { return base::text_of(object["id"]); }

// A cart that the transaction makes has other times in each of its runs.
Json without_times(Json cart) {
  for (const char* time : {"created_at", "updated_at"}) cart.erase(time);
  return cart;
}

class RemoteFulfillment final : public FulfillmentProvider {
 public:
  RemoteFulfillment(std::string id, Ask::Again again) : id_(std::move(id)), again_(again) {}
  std::string_view id() const override { return id_; }

  Json options(Call& call) const override { return question(call, "options", Json::object()); }
  bool validate_option(Call& call, const Json& option_data) const override {
    return question(call, "validate_option", JsonObject{{"data", option_data}}).truthy();
  }
  Json validate_data(Call& call, const Json& option_data, const Json& data, const Json& cart) const override {
    return question(call, "validate_data", JsonObject{{"option_data", option_data}, {"data", data}, {"cart", cart}});
  }
  bool can_calculate(Call& call, const Json& option_data) const override {
    return question(call, "can_calculate", JsonObject{{"data", option_data}}).truthy();
  }
  base::Amount calculate_price(Call& call, const Json& option_data, const Json& data, const Json& cart) const override {
    const Json price =
        question(call, "calculate_price", JsonObject{{"option_data", option_data}, {"data", data}, {"cart", cart}});
    if (!price.is_integer())
      throw ProviderError(base::ErrorType::unexpected_state, "The provider " + id_ + " tells no price");
    return price.as_int();
  }
  Json create_fulfillment(Call& call, const Json& method_data, const Json& items, const Json& order,
                          const Json& fulfillment) const override {
    return lasting(call, "create_fulfillment", id_of(order) + " " + mark_of(items),
                   JsonObject{{"data", method_data}, {"items", items}, {"order", order}, {"fulfillment", fulfillment}});
  }
  Json cancel_fulfillment(Call& call, const Json& fulfillment_data) const override {
    return question(call, "cancel_fulfillment", JsonObject{{"data", fulfillment_data}});
  }
  Json create_return(Call& call, const Json& return_order) const override {
    return lasting(call, "create_return", id_of(return_order), JsonObject{{"return", return_order}});
  }

 private:
  // Asked again only where something else is asked.
  Json question(Call& call, const char* method, Json arguments) const {
    Json asked = arguments;
    if (asked["cart"].is_object()) asked.set("cart", without_times(asked["cart"]));
    std::string key = std::string(method) + " " + asked.dump();
    return call.ask({.port = "fulfillment",
                     .provider = id_,
                     .method = method,
                     .key = std::move(key),
                     .arguments = std::move(arguments)});
  }
  Json lasting(Call& call, const char* method, const std::string& of, Json arguments) const {
    return call.ask({.port = "fulfillment",
                     .provider = id_,
                     .method = method,
                     .key = std::string(method) + " " + of,
                     .arguments = std::move(arguments),
                     .effect = Ask::Effect::lasting,
                     .again = again_});
  }
  std::string id_;
  Ask::Again again_; // of a parcel that is announced
};

} // namespace

std::unique_ptr<FulfillmentProvider> remote_fulfillment_provider(std::string id, Ask::Again again) {
  return std::make_unique<RemoteFulfillment>(std::move(id), again);
}

} // namespace ports
