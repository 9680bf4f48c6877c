// Whether a text is an e-mail address, by the rules of the npm module validator (isEmail with its defaults). Any thread.
#pragma once
#include <string_view>

namespace base {

bool is_email(std::string_view text);

} // namespace base
