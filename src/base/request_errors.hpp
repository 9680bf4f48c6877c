// What is wrong with a request, where that is said sentence by sentence. Owns the sentences. Thrown by services and routes, and
// answered by http; any thread.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace base {

// Medusa 1.20: req.errors; answered with 400 and {"errors": [...]}.
struct RequestErrors : std::runtime_error {
  std::vector<std::string> errors;
  explicit RequestErrors(std::vector<std::string> sentences)
      : std::runtime_error("the request contains errors"), errors(std::move(sentences)) {}
};

} // namespace base
