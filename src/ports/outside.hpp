// What is asked of somebody outside (a payment provider, a carrier): the question, who answers it, and what is done with an
// answer that came too late. Owns the table of settlements, filled at start by app and read-only afterwards (any thread).
// Asked by the providers that live outside, through Call::ask(), on the fiber of the request.
#pragma once
#include "base/error.hpp"
#include "base/json.hpp"
#include <functional>
#include <string>
#include <string_view>

namespace ports {

class Call;

// A provider's failure, never to be mixed up with a failure of the database.
struct ProviderError : base::Error {
  // refused: nothing was done outside. unknown: it did not answer, and may have done what it was asked for.
  enum class Outcome { refused, unknown };
  Outcome outcome;
  ProviderError(base::ErrorType type, const std::string& message, Outcome o = Outcome::refused)
      : base::Error(type, message), outcome(o) {}
};

struct Ask {
  // none: a question. lasting: something stays of it outside (money moves, a parcel is announced), so it is written down
  // before and after.
  enum class Effect { none, lasting };
  // Whether a lasting ask may be sent once more where its answer was lost. safe: the provider knows the key, or the thing
  // can be done only once. never: it would be done twice.
  enum class Again { safe, never };

  std::string port;     // "payment"
  std::string provider; // its id
  std::string method;   // "refund"
  // What it is for, made from what is paid or sent: "refund pay_1 from 300 by 200". The same thing has the same key, whoever
  // asks and however often.
  std::string key;
  base::Json arguments; // all that is needed to ask, and to store the answer
  Effect effect = Effect::none;
  Again again = Again::safe;
};

// Whoever carries asks to the outside. One per thread; used by its fibers.
class Outside {
 public:
  virtual ~Outside() = default;
  // Waits for the answer, for a limited time. Throws ProviderError.
  virtual base::Json ask(const Ask& ask) = 0;
};

// Stores what was done outside for an operation that has failed afterwards, or whose server has died; or takes it back.
// Runs in a transaction of its own, and may ask.
using Settlement = std::function<void(Call&, const Ask&, const base::Json& answer)>;
void add_settlement(std::string_view port, std::string_view method, Settlement settlement);

} // namespace ports
