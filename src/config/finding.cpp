#include "config/finding.hpp"
#include <algorithm>

namespace config {

std::string_view name_of(Severity severity) {
  switch (severity) {
  case Severity::error: return "error";
  case Severity::warning: return "warning";
  case Severity::advice: break;
  }
  return "advice";
}

std::string text_of(const Finding& finding) {
  const Place& place = finding.place;
  std::string text = place.file;
  if (!text.empty() && place.line > 0) text += ":" + std::to_string(place.line);
  if (!text.empty() && place.column > 0) text += ":" + std::to_string(place.column);
  if (!text.empty()) text += ": ";
  return text + finding.message;
}

Remark Remark::not_accepted(std::string found, std::string accepted) {
  Remark remark(" is " + found + "; it accepts " + accepted);
  remark.found = std::move(found);
  remark.accepted = std::move(accepted);
  return remark;
}

base::Json json_of(const Finding& finding) {
  const auto or_null = [](const std::string& text) { return text.empty() ? base::Json(nullptr) : base::Json(text); };
  const auto number = [](int value) { return value > 0 ? base::Json(value) : base::Json(nullptr); };
  return base::JsonObject{{"severity", name_of(finding.severity)},
                          {"file", or_null(finding.place.file)},
                          {"line", number(finding.place.line)},
                          {"column", number(finding.place.column)},
                          {"key", or_null(finding.key)},
                          {"found", or_null(finding.found)},
                          {"accepted", or_null(finding.accepted)},
                          {"nearest", or_null(finding.nearest)},
                          {"message", finding.message}};
}

bool has_errors(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.severity == Severity::error; });
}

} // namespace config
