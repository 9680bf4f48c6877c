// What a new gift card is given: its tax rate and its code. No database, any thread. Called by the admin's endpoint and by
// checkout, for cards that are bought.
// Medusa 1.20: GiftCardService.create.
#pragma once
#include <optional>
#include <string>

namespace commerce::gift_card {

// That of the line item that bought it (0: none did, or it has none), else the region's, none where cards aren't taxed.
enum class Taxable { no, yes };
std::optional<double> tax_rate(double line_item_rate, double region_rate, Taxable taxable);

// "XXXX-XXXX-XXXX-XXXX" of capital letters and digits.
std::string new_code();

} // namespace commerce::gift_card
