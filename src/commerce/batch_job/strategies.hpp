// The batch jobs of 1.20: product-export, product-import, order-export and price-list-import. Owns nothing. Called by app at start;
// what it adds runs on the runner's fiber.
#pragma once
#include "ports/batch_job_strategy.hpp"
#include <memory>

namespace commerce::batch_job {

std::unique_ptr<ports::BatchJobStrategy> product_export();
std::unique_ptr<ports::BatchJobStrategy> order_export();
std::unique_ptr<ports::BatchJobStrategy> product_import();
std::unique_ptr<ports::BatchJobStrategy> price_list_import();

} // namespace commerce::batch_job
