#define PCRE2_CODE_UNIT_WIDTH 8
#include "http/cors.hpp"
#include <algorithm>
#include <pcre2.h>

namespace http {
namespace {

// Enough for any sensible list, and an end to patterns that explode.
constexpr std::uint32_t kMatchSteps = 100'000;
constexpr std::size_t kLongestOrigin = 2048;

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

using Code = std::unique_ptr<pcre2_code, FreeCode>;

// JavaScript's meaning of the parts that the two dialects share: $ ends at the very end, \u and \x as in JavaScript, []
// matches nothing and [^] anything. Without a result, `fault` says why.
Code compile(const config::Origin& origin, std::string& fault) {
  std::uint32_t options = PCRE2_ALT_BSUX | PCRE2_MATCH_UNSET_BACKREF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C |
                          PCRE2_ALLOW_EMPTY_CLASS;
  for (const char flag : origin.flags) {
    if (flag == 'i') options |= PCRE2_CASELESS;
    if (flag == 'm') options |= PCRE2_MULTILINE;
    if (flag == 's') options |= PCRE2_DOTALL;
    if (flag == 'u') options |= PCRE2_UTF;
    // Sticky: from the beginning, for each request anew.
    if (flag == 'y') options |= PCRE2_ANCHORED;
  }
  int error = 0;
  std::size_t at = 0;
  Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(origin.pattern.data()), origin.pattern.size(), options, &error,
                          &at, nullptr));
  if (code) return code;
  char reason[128];
  const int length = pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(reason), sizeof reason);
  fault =
      std::string(reason, static_cast<std::size_t>(std::max(length, 0))) + " at character " + std::to_string(at + 1);
  return nullptr;
}

} // namespace

std::optional<std::string> pattern_fault(const config::Origin& origin) {
  std::string fault;
  if (!origin.is_pattern() || compile(origin, fault)) return {};
  return fault;
}

struct Cors::Entry {
  std::string literal;
  Code pattern;

  bool matches(std::string_view origin) const {
    if (!pattern) return origin == literal;
    const std::unique_ptr<pcre2_match_data, FreeData> data(pcre2_match_data_create(1, nullptr));
    const std::unique_ptr<pcre2_match_context, FreeContext> context(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(context.get(), kMatchSteps);
    return pcre2_match(pattern.get(), reinterpret_cast<PCRE2_SPTR>(origin.data()), origin.size(), 0, 0, data.get(),
                       context.get()) >= 0;
  }
};

Cors::Cors(const config::Origins& origins) {
  for (const auto& origin : origins) {
    Entry entry{origin.text, nullptr};
    std::string fault;
    if (origin.is_pattern() && !(entry.pattern = compile(origin, fault)))
      throw config::ConfigError("the pattern " + origin.text + " is broken: " + fault);
    entries_.push_back(std::move(entry));
  }
}
Cors::~Cors() = default;
Cors::Cors(Cors&&) noexcept = default;

bool Cors::allows(std::string_view origin) const {
  if (origin.size() > kLongestOrigin) return false;
  for (const auto& entry : entries_)
    if (entry.matches(origin)) return true;
  return false;
}

bool Cors::apply(const Request& request, Response& response) const {
  const auto origin = request.header("origin");
  if (!origin.empty() && allows(origin))
    response.headers.push_back({"Access-Control-Allow-Origin", std::string(origin)});
  const bool preflight = request.method == Method::options;
  response.headers.push_back({"Vary", preflight ? "Origin, Access-Control-Request-Headers" : "Origin"});
  response.headers.push_back({"Access-Control-Allow-Credentials", "true"});
  if (!preflight) return false;
  response.headers.push_back({"Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE"});
  if (const auto asked = request.header("access-control-request-headers"); !asked.empty())
    response.headers.push_back({"Access-Control-Allow-Headers", std::string(asked)});
  response.headers.push_back({"Content-Length", "0"});
  response.status = 204;
  response.tagged = false;
  return true;
}

} // namespace http
