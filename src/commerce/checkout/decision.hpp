// How an attempt to complete a cart ends, once stock and discounts are locked: a function of facts, without a database. Owns
// nothing; pure, any thread. Called by Attempt::run.
#pragma once
#include "base/error.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::checkout {

enum class Stock { take, look };

// A discount that this order uses, and whether that was counted, within its limit.
struct Use {
  std::string code;
  bool counted = false;
};

// What an attempt knows by then.
struct Facts {
  Stock mode = Stock::take;
  bool has_order = false; // somebody else has completed the cart meanwhile
  std::optional<base::Error>
      own_refusal{}; // of the order itself: not paid, empty, without a customer. Then nothing was taken
  std::optional<base::Error> earlier{};    // with which an earlier attempt fell short, and this one shall end
  std::vector<base::Error> out_of_stock{}; // one for each wish that the stock can't meet
  std::vector<Use> discounts{};            // none where nothing was taken

  // Whether the attempt has taken stock and counted discounts, which only a rollback gives back.
  bool takes() const { return mode == Stock::take && !own_refusal; }
};

enum class End {
  finished,     // the order is to be written
  has_order,    // the answer is the order that there is
  out_of_stock, // the payment is canceled, and the answer tells what is missing
  refused,      // by `refusal`
  give_back,    // rolled back; the next attempt goes the other way, and ends with `refusal` where there is one
};
struct Decision {
  End end;
  std::optional<base::Error> refusal{};
};
Decision decide(const Facts& facts);

} // namespace commerce::checkout
