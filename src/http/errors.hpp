// How failures look to a client: Medusa's JSON for those of the API, Express' pages for those outside of it. Any thread.
#pragma once
#include "base/error.hpp"
#include "http/http.hpp"
#include <cstdint>
#include <string>
#include <string_view>

namespace http {

// Medusa 1.20: api/middlewares/error-handler.ts.
void answer_error(const base::Error& error, Response& response);
// What 1.20 says of any failure that it does not know.
void answer_unknown_error(Response& response);
// Of somebody who has guessed wrong too often (failures.hpp).
void answer_too_many(std::int64_t seconds, Response& response);
// Medusa 1.20: the check of req.errors before a handler.
void answer_errors(const std::vector<std::string>& errors, Response& response);
// res.sendStatus: the reason phrase as plain text.
void answer_status(int status, Response& response);
// The page of Express' finalhandler; `message` is text, not HTML. Headers that are set already stay.
void answer_page(int status, std::string_view message, Response& response);
// The page for a request that no route takes.
void answer_no_route(const Request& request, Response& response);

} // namespace http
