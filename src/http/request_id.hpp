// The name under which a request is found again in the log, here and at whoever sent it. Owns nothing. Called by the dispatcher, on the
// request's fiber.
#pragma once
#include <string>
#include <string_view>

namespace http {

// The trace's id of a W3C `traceparent` (version 00: 32 hexadecimal digits, not all zero), else what `x-request-id` says, at most 128
// printable characters of it, else a new UUID. Either header may be empty.
std::string request_id(std::string_view traceparent, std::string_view x_request_id);

} // namespace http
