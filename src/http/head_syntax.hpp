// What may stand in the head of a request, in its trailers and in the extensions of its chunks, and how Node reads it. llhttp here is
// older than Node 20's and takes more. Owns nothing; pure, any thread. Called by request_parser.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace http {

constexpr std::size_t kLongestMethod = 16;

// Whether a head that may have only begun is one of HTTP: another protocol's client is not let wait.
bool may_be_http(std::string_view head);
// Every CR is followed by LF and every LF follows a CR.
bool lines_end_properly(std::string_view text);
// The lines of a head behind the first, up to the empty one.
bool proper_fields(std::string_view head);
// Of a target: no blank or other control character, which older parsers overlook.
bool proper_target(std::string_view target);
// A field behind a chunked body, which can't change how long that is.
bool proper_trailer(std::string_view line);
// RFC 9110 5.6.2.
bool token_character(char c);
// Of a field's value and of a quoted string: a tab, and all that is no control character.
bool text_character(char c);

// Node keeps the first line of these and drops later ones; of all others it joins the values.
bool kept_once(std::string_view name);
// Whether a value of Expect is one that waits for "100 Continue".
bool asks_to_continue(std::string_view expect);
// Values are without the blanks around them; llhttp leaves those behind.
void trim_end(std::string& value);
// Node reads header values as Latin-1.
void latin1_to_utf8(std::string& text);

} // namespace http
