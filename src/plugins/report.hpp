// What the child has told about itself when it was ready: which routes it answers, who listens in it, which providers it has.
// Made by Child from the host's JSON, read-only afterwards; any thread.
#pragma once
#include "base/json.hpp"
#include "base/strings.hpp"
#include "http/http.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugins {

// A provider that the other side offers.
struct Offer {
  std::string port, id;
  bool knows_keys = false; // an ask that is repeated under its key is done once
};
std::vector<Offer> offers_in(const base::Json& list);

struct Report {
  // Why the child answers a route: "dist/services/cart.js overrides CartService.decorateTotals".
  struct Answered {
    std::string why;
    bool with_api_token_only = false; // of the requests of the route
  };
  base::StringMap<Answered> routes; // by key_of()
  struct Part {
    std::string path, why; // "/app": it and what lies below it
  };
  std::vector<Part> parts;
  std::vector<Offer> offers;
  std::vector<std::string> plugins; // "medusa-payment-stripe 6.0.11"
  base::Json text;                  // as the host told it

  explicit Report(base::Json told);
  // "GET /store/carts/:": the names of its parts don't matter.
  static std::string key_of(std::string_view method, std::string_view path);
  // Null where the native side answers the route.
  const Answered* answered(const http::Route& route) const;
  // Whether the child answers a request, whose native route is given, or null where there is none.
  bool answers(const http::Request& request, const http::Route* route) const;
  bool offers_provider(std::string_view port, std::string_view id) const;
};

} // namespace plugins
