#include "http/compression.hpp"
#include "base/strings.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <tuple>

namespace http {
namespace {

struct Accepted {
  std::string name; // lower case
  double quality;   // NaN where it is no number
};

// negotiator: "gzip;q=0.5"; what has blanks within the name is skipped.
std::vector<Accepted> parse(std::string_view header) {
  std::vector<Accepted> list;
  for (const std::string& part : base::split(header, ',')) {
    const auto text = base::trim(part);
    const auto name = base::trim(text.substr(0, text.find(';')));
    if (name.empty() || name.find_first_of(" \t") != name.npos) continue;
    Accepted accepted{base::lower(name), 1};
    const auto semicolon = text.find(';');
    const auto params =
        semicolon == text.npos ? std::vector<std::string>() : base::split(text.substr(semicolon + 1), ';');
    for (const std::string& param : params) {
      const auto pair = base::trim(param);
      if (pair != "q" && !pair.starts_with("q=")) continue;
      const std::string number(pair.substr(std::min<std::size_t>(pair.size(), 2)));
      char* end = nullptr;
      accepted.quality = std::strtod(number.c_str(), &end);
      if (end == number.c_str()) accepted.quality = NAN;
      break;
    }
    list.push_back(std::move(accepted));
  }
  return list;
}

struct Candidate {
  Encoding encoding;
  double quality = 0;
  int specific = 0, order = -1; // by name rather than by *; its place in the header
};

// The most specific, the most liked, the last of those that name it.
Candidate rate(Encoding encoding, const std::vector<Accepted>& accepted) {
  Candidate best{encoding};
  for (std::size_t i = 0; i < accepted.size(); ++i) {
    const bool named = accepted[i].name == name_of(encoding);
    if (!named && accepted[i].name != "*") continue;
    const Candidate candidate{encoding, accepted[i].quality, named, static_cast<int>(i)};
    if (std::tuple(best.specific, best.quality, best.order) <
        std::tuple(candidate.specific, candidate.quality, candidate.order))
      best = candidate;
  }
  return best;
}

bool has_no_transform(const Response& response) {
  for (const Header& header : response.headers)
    if (base::equal_ignoring_case(header.name, "cache-control"))
      for (const std::string& part : base::split(header.value, ','))
        if (base::equal_ignoring_case(base::trim(part), "no-transform")) return true;
  return false;
}

// The npm module vary.
void vary_by_encoding(Response& response) {
  constexpr std::string_view kField = "Accept-Encoding";
  for (Header& header : response.headers) {
    if (!base::equal_ignoring_case(header.name, "vary")) continue;
    for (const std::string& field : base::split(header.value, ','))
      if (base::trim(field) == "*" || base::equal_ignoring_case(base::trim(field), kField)) return;
    header.value.append(header.value.empty() ? "" : ", ").append(kField);
    return;
  }
  response.late_headers.push_back({"Vary", std::string(kField)});
}
} // namespace

Encoding preferred_encoding(std::string_view accept_encoding) {
  std::vector<Accepted> accepted = parse(accept_encoding);
  double least = 1;
  bool has_identity = false;
  for (const Accepted& one : accepted) {
    has_identity = has_identity || one.name == "identity" || one.name == "*";
    least = std::min(least, one.quality > 0 ? one.quality : 1);
  }
  // As it is, a body is always welcome, but liked least.
  if (!has_identity) accepted.push_back({"identity", least});
  std::vector<Candidate> candidates;
  for (const Encoding encoding : {Encoding::brotli, Encoding::gzip, Encoding::deflate, Encoding::identity})
    if (const Candidate candidate = rate(encoding, accepted); candidate.quality > 0) candidates.push_back(candidate);
  const auto rank = [](Encoding encoding) {
    return encoding == Encoding::brotli ? 0 : encoding == Encoding::gzip ? 1 : 2;
  };
  std::stable_sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
    if (a.quality != b.quality) return a.quality > b.quality;
    if (rank(a.encoding) != rank(b.encoding)) return rank(a.encoding) < rank(b.encoding);
    return std::pair(-a.specific, a.order) < std::pair(-b.specific, b.order);
  });
  return candidates.empty() ? Encoding::identity : candidates.front().encoding;
}

// The npm module compressible, as far as its table names what a server of JSON and pages sends.
bool is_compressible(std::string_view content_type) {
  const std::string type = base::lower(base::trim(content_type.substr(0, content_type.find(';'))));
  constexpr std::string_view kOthers[] = {
      "application/json", "application/javascript", "application/xml", "application/wasm", "application/x-javascript",
      "image/bmp",        "image/x-icon",           "font/ttf",        "font/otf"};
  return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") || type.ends_with("+text") ||
         std::find(std::begin(kOthers), std::end(kOthers), type) != std::end(kOthers);
}

Encoding Compression::choose(const Request& request, Response& response, std::size_t length) const {
  if (!options_.enabled || !response.transformable) return Encoding::identity;
  response.transformable = false;
  const bool has_type = response.status != 204 && response.status != 304 && !response.content_type.empty();
  if (!has_type || !request.header("x-no-compression").empty() || !is_compressible(response.content_type) ||
      has_no_transform(response))
    return Encoding::identity;
  vary_by_encoding(response);
  if (static_cast<std::int64_t>(length) < options_.threshold || request.method == Method::head)
    return Encoding::identity;
  return preferred_encoding(request.header("accept-encoding"));
}

void Compression::use(Encoding encoding, std::string body, Response& response) {
  response.body = std::move(body);
  response.late_headers.push_back({"Content-Encoding", std::string(name_of(encoding))});
  response.framing = Response::Framing::chunked;
}

} // namespace http
