// What the child has told about itself when it was ready: which routes it answers, who listens in it, which providers it has.
// Made by Child from the host's JSON, read-only afterwards; any thread.
#pragma once
#include "base/json.hpp"
#include "base/strings.hpp"
#include "http/http.hpp"
#include "schema/extension.hpp"
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
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
    // Of the requests of the route: all, those with an API token, those whose path is one of the plugins' own (`own`), those that
    // ask for relations or fields.
    enum class When { always, api_token, own_path, expand } when = When::always;
    // Entities that the project has extended, where that is the only reason: a side that shows them too may answer.
    std::vector<std::string> entities;
  };
  base::StringMap<Answered> routes; // by key_of()
  struct Part {
    std::string path, why; // "/app": it and what lies below it
  };
  std::vector<Part> parts;
  // A path of a plugin's that a core route would take for one of its names: "/store/products/featured".
  struct OwnPath {
    std::string method;                // or "*"
    std::vector<std::string> segments; // ":any" is one of any name, a last "*" is whatever follows
    std::string path, why;
  };
  std::vector<OwnPath> own;
  // A core entity with columns that the project has added. plain: this server can read them as it reads its own.
  struct Extension {
    std::string entity;
    bool plain = false;
    std::vector<schema::AddedColumn> columns{};
  };
  std::vector<Extension> extensions;
  std::vector<Offer> offers;
  std::vector<std::string> plugins; // "medusa-payment-stripe 6.0.11"
  base::Json text;                  // as the host told it

  explicit Report(base::Json told);
  // "GET /store/carts/:": the names of its parts don't matter.
  static std::string key_of(std::string_view method, std::string_view path);
  // Null where the native side answers the route.
  const Answered* answered(const http::Route& route) const;
  bool offers_provider(std::string_view port, std::string_view id) const;
};

// Entities whose extensions the native side shows, by name.
using Shown = std::set<std::string, std::less<>>;

// Who answers the requests of a site, by one report: its routes are looked up once, and known by their addresses from then on.
// Read-only; any thread. `routes` must outlive it.
class Division {
 public:
  Division(std::shared_ptr<const Report> report, std::span<const http::Route> routes, const Shown& shown = {});
  const std::shared_ptr<const Report>& report() const { return report_; }
  // Whether the child answers a request, whose native route is given, or null where there is none.
  bool is_the_childs(const http::Request& request, const http::Route* route) const;

 private:
  std::shared_ptr<const Report> report_;
  std::unordered_map<const http::Route*, Report::Answered::When> routes_; // those of the child
};

} // namespace plugins
