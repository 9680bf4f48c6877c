// What the bodies of product and variant writes may hold (class-validator's tables of 1.20). Any thread.
#pragma once
#include "rules/rules.hpp"

namespace commerce::catalogue {

extern const rules::Rules kNewProduct, kProductChange, kNewVariant, kVariantChange, kOptionTitle, kProductMetadata;

} // namespace commerce::catalogue
