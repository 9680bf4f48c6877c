// What the files of Resource share: resource.cpp (reading), resource_write.cpp (writing), resource_check.cpp.
#pragma once
#include "base/error.hpp"
#include "http/resource.hpp"
#include <memory>
#include <string>
#include <vector>

namespace http {

// Rules and paths live as long as the routes that point to them: until the process ends.
const Rules* keep(Rules rules);
std::string_view keep(std::string path);

std::string path_of_one(const Resource& row); // "/store/regions/:id"
// The query of a route that shows one row: `filters`, fields and expand.
base::Error missing(const Resource& row, const std::string& id);
base::Error missing(std::string_view not_found, const std::string& id);

void add_write_routes(const std::shared_ptr<const Resource>& row, Routes& routes);
// What the row names and its entity lacks.
std::vector<std::string> faults(const Resource& row);

} // namespace http
