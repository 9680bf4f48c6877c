#include "http/multipart.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/query_string.hpp"
#include <algorithm>

namespace http {
namespace {

using base::Error;

Error malformed() { return Error::invalid_data("Malformed part header"); }

// What stands before the first ";" of a header's value, and its parameters.
struct Parameters {
  std::string_view value;
  std::vector<std::pair<std::string, std::string>> named;
  const std::string* find(std::string_view name) const {
    for (const auto& [known, value] : named)
      if (known == name) return &value;
    return nullptr;
  }
};

// A quoted text; `rest` begins behind the quote that opens it, and is left behind the one that closes it. Browsers
// escape nothing but, some of them, quotes: a backslash before anything else is one of a Windows path.
std::optional<std::string> quoted(std::string_view& rest) {
  std::string text;
  for (std::size_t i = 0; i < rest.size(); i++) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return text;
    }
    if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) i++;
    text += rest[i];
  }
  return std::nullopt;
}

// nullopt where it is malformed.
std::optional<Parameters> parameters(std::string_view header) {
  auto end = header.find(';');
  Parameters found{base::trim(header.substr(0, end)), {}};
  while (end != std::string_view::npos) {
    header.remove_prefix(end + 1);
    const auto equals = header.find('=');
    if (equals == std::string_view::npos) {
      if (!base::trim(header).empty()) return std::nullopt;
      break;
    }
    const auto name = base::lower(base::trim(header.substr(0, equals)));
    header.remove_prefix(equals + 1);
    while (!header.empty() && (header.front() == ' ' || header.front() == '\t')) header.remove_prefix(1);
    std::optional<std::string> value;
    if (!header.empty() && header.front() == '"') {
      header.remove_prefix(1);
      value = quoted(header);
      end = header.find(';');
      if (!value || !base::trim(header.substr(0, end)).empty()) return std::nullopt;
    } else {
      end = header.find(';');
      value = base::trim(header.substr(0, end));
    }
    if (name.empty() || found.find(name)) return std::nullopt;
    found.named.emplace_back(name, std::move(*value));
  }
  return found;
}

// RFC 8187: UTF-8''percent-encoded; nullopt for another charset or a broken escape.
std::optional<std::string> extended(std::string_view text) {
  const auto charset = text.find('\''), language = charset == text.npos ? charset : text.find('\'', charset + 1);
  if (language == text.npos || !base::equal_ignoring_case(text.substr(0, charset), "utf-8")) return std::nullopt;
  return decode_uri_component(text.substr(language + 1));
}

std::string without_folders(std::string_view name) {
  if (const auto slash = name.find_last_of("/\\"); slash != name.npos) name.remove_prefix(slash + 1);
  return name == "." || name == ".." ? std::string() : std::string(name);
}

} // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  if (!base::equal_ignoring_case(base::trim(content_type.substr(0, content_type.find(';'))), "multipart/form-data"))
    return std::nullopt;
  const auto found = parameters(content_type);
  const auto* boundary = found ? found->find("boundary") : nullptr;
  return boundary && boundary->size() <= 70 ? *boundary : std::string();
}

MultipartParser::MultipartParser(std::string_view boundary, MultipartLimits limits)
    : delimiter_("\r\n--" + std::string(boundary)), limits_(limits) {
  if (boundary.empty()) throw Error::invalid_data("Multipart: Boundary not found");
}

void MultipartParser::feed(std::string_view bytes) {
  if (state_ == State::done) return; // what follows the form counts for nothing
  window_.erase(0, at_);
  at_ = 0;
  window_ += bytes;
  while (step()) {
  }
}

std::vector<Part> MultipartParser::finish() {
  if (state_ != State::done) throw Error::invalid_data("Unexpected end of form");
  return std::move(parts_);
}

void MultipartParser::consume(std::size_t n) {
  at_ += n;
  position_ += static_cast<std::int64_t>(n);
}

// Goes on to the next delimiter, or as far as none can begin.
bool MultipartParser::find_delimiter() {
  const auto found = window_.find(delimiter_, at_);
  const auto keep = std::min(window_.size() - at_, delimiter_.size() - 1);
  consume((found == std::string::npos ? window_.size() - keep : found) - at_);
  return found != std::string::npos;
}

bool MultipartParser::step() {
  const std::string_view rest = std::string_view(window_).substr(at_);
  switch (state_) {
  case State::before:
  case State::content:
    if (!find_delimiter()) return false;
    if (state_ == State::content) parts_.back().size = static_cast<std::uint64_t>(position_) - parts_.back().offset;
    consume(delimiter_.size());
    state_ = State::behind_delimiter;
    return true;
  case State::behind_delimiter:
    if (rest.size() < 2) return false;
    if (rest.starts_with("--")) {
      state_ = State::done;
      return false;
    }
    if (rest.starts_with("\r\n")) {
      consume(2);
      state_ = State::header;
      return true;
    }
    if (rest.front() != ' ' && rest.front() != '\t') throw malformed();
    consume(1); // RFC 2046: a boundary may be padded
    return true;
  case State::header: {
    constexpr std::string_view kEnd = "\r\n\r\n";
    const auto end = rest.find(kEnd);
    // Its end may be there in part.
    const auto least = end == rest.npos ? rest.size() - std::min(rest.size(), kEnd.size() - 1) : end;
    if (least > limits_.header) throw malformed();
    if (end == rest.npos) return false;
    take_header(rest.substr(0, end));
    consume(end + kEnd.size());
    parts_.back().offset = static_cast<std::uint64_t>(position_);
    state_ = State::content;
    return true;
  }
  case State::done: return false;
  }
  return false;
}

void MultipartParser::take_header(std::string_view header) {
  if (parts_.size() == limits_.parts) throw Error::invalid_data("Too many parts");
  Part part;
  part.type = "text/plain";
  bool disposed = false;
  for (std::size_t at = 0; at <= header.size();) {
    const auto end = std::min(header.find("\r\n", at), header.size());
    const auto line = header.substr(at, end - at);
    at = end + 2;
    const auto colon = line.find(':');
    if (colon == line.npos || colon == 0 || line.find_first_of(std::string_view("\r\n\0", 3)) != line.npos)
      throw malformed();
    const auto name = line.substr(0, colon), value = base::trim(line.substr(colon + 1));
    if (base::equal_ignoring_case(name, "content-type")) {
      part.type = std::string(base::trim(value.substr(0, value.find(';'))));
    } else if (base::equal_ignoring_case(name, "content-disposition")) {
      const auto found = parameters(value);
      const auto* field = found ? found->find("name") : nullptr;
      if (disposed || !field || !base::equal_ignoring_case(found->value, "form-data")) throw malformed();
      disposed = true;
      part.name = *field;
      const auto* file = found->find("filename");
      const auto* other = found->find("filename*");
      if (const auto decoded = other ? extended(*other) : std::nullopt)
        part.filename = without_folders(*decoded);
      else if (file)
        part.filename = without_folders(*file);
    }
  }
  if (!disposed || !base::valid_utf8(part.name) || !base::valid_utf8(part.filename.value_or(""))) throw malformed();
  parts_.push_back(std::move(part));
}

} // namespace http
