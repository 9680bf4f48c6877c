#include "ports/provider_table.hpp"
#include <doctest/doctest.h>

namespace {
struct Named {
  std::string name;
  std::string_view id() const { return name; }
};
} // namespace

TEST_CASE("providers from elsewhere are made when they are first asked for, and kept") {
  ports::ProviderTable<Named> table("test");
  table.add(std::make_unique<Named>(Named{"native"}));
  int made = 0;
  table.add(ports::Elsewhere<Named>{.make = [&](std::string_view id) -> std::unique_ptr<Named> {
                                      if (id != "outside") return nullptr;
                                      made++;
                                      return std::make_unique<Named>(Named{std::string(id)});
                                    },
                                    .ids =
                                        [] {
                                          return std::vector<std::string>{"outside", "native"};
                                        }});
  CHECK(table.ids() == std::vector<std::string>{"native", "outside"});
  const Named& first = table.get("outside");
  CHECK(&table.get("outside") == &first);
  CHECK(made == 1);
  CHECK(table.get("native").name == "native");
  CHECK(table.find("nobody") == nullptr);
  CHECK_THROWS_WITH(table.get("nobody"), "Could not find a test provider with id: nobody");
}
