// Small string helpers. Any thread.
#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace base {

std::vector<std::string> split(std::string_view text, char separator); // "a,,b" -> a, "", b; "" -> ""
std::string_view trim(std::string_view text);
std::string lower(std::string_view text);                         // ASCII only
std::string upper(std::string_view text);                         // ASCII only
bool equal_ignoring_case(std::string_view a, std::string_view b); // ASCII only
// The name that was probably meant by a misspelt word; empty where none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& names);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
bool valid_utf8(std::string_view text);
// %XX and, where wanted, + as blank; a broken escape stays as it is.
enum class PlusAsBlank { no, yes };
std::string url_decode(std::string_view text, PlusAsBlank plus);
std::string url_encode(std::string_view text); // JavaScript's encodeURIComponent

// Lets unordered maps with string keys be asked with a string_view.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};
template<class V> using StringMap = std::unordered_map<std::string, V, StringHash, std::equal_to<>>;

} // namespace base
