// Responses as bytes, with the headers in the order in which Express and Node write them. Any thread.
#pragma once
#include "http/http.hpp"
#include <string>
#include <string_view>

namespace http {

enum class Persistence { keep_alive, close };

// The reason phrase as Node has it.
std::string_view status_text(int status);
// Appends the status line and the headers with the empty line; `date` is an HTTP date.
void append_head(std::string& out, const Response& response, Method method, int minor_version, Persistence persistence,
                 std::string_view date);
// Whether a body follows.
bool sends_body(const Response& response, Method method);
// What Node sends before it gives a connection up: a status line and nothing else.
std::string bare_refusal(int status);

} // namespace http
