#include "http/front_page.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"

namespace http {
namespace {

struct Place {
  const char* name; // its key in JSON
  std::string path;
  const char* text;
  const char* example = nullptr; // a path below it that shows something; null: itself
};

// Paths and texts are this program's own, but for the dashboard's path, which is of letters, digits and -_.~/ only.
std::string page_of(std::string_view version, const std::vector<Place>& places) {
  std::string page = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stheno</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem; }
dt { font-family: ui-monospace, monospace; margin-top: 1rem; }
dd { margin: 0; opacity: .75; }
</style>
</head>
<body>
<h1>A shop is served here</h1>
<p>This is the backend of a shop: Stheno )";
  page += version;
  page += ", which answers as a Medusa 1.20 server does.</p>\n<dl>\n";
  for (const Place& place : places)
    page += "<dt><a href=\"" + (place.example ? place.example : place.path) + "\">" + place.path + "</a></dt><dd>" +
            place.text + "</dd>\n";
  return page + "</dl>\n</body>\n</html>\n";
}

std::string json_of(std::string_view version, const std::vector<Place>& places) {
  base::JsonObject object{{"name", "stheno"}, {"version", version}, {"serves", "Medusa 1.20"}};
  for (const Place& place : places) object.set(place.name, place.path);
  return base::Json(std::move(object)).dump();
}

} // namespace

FrontPage::FrontPage(std::string_view version, std::string_view dashboard) {
  std::vector<Place> places{{"store", "/store", "what storefronts ask: the Store API", "/store/products"},
                            {"admin", "/admin", "what the shop's people ask: the Admin API", "/admin/auth"},
                            {"openapi", "/openapi.json", "all routes, described for programs"},
                            {"health", "/health", "whether the server is up"}};
  if (!dashboard.empty()) places.insert(places.begin(), {"app", std::string(dashboard), "the dashboard"});
  page_ = page_of(version, places);
  json_ = json_of(version, places);
}

FrontPage::FrontPage(base::Folder storefront) : storefront_(std::in_place, "/", std::move(storefront)) {}

bool FrontPage::answer(const Request& request, Response& response) const {
  if (storefront_) return storefront_->answer(request, response);
  if (request.path != "/" || (request.method != Method::get && request.method != Method::head)) return false;
  // A browser asks for HTML by name; programs take anything.
  const bool person = base::lower(request.header("accept")).find("text/html") != std::string::npos;
  response.content_type = person ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
  response.set_header("Vary", "Accept");
  response.transformable = false;
  response.body = person ? page_ : json_;
  return true;
}

} // namespace http
