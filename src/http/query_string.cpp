#include "http/query_string.hpp"
#include "base/name_index.hpp"
#include "base/strings.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

namespace http {
namespace {

constexpr std::size_t kParameters = 1000, kDepth = 5;

// A value under construction. Arrays may have holes until the end, so that a large index costs nothing.
struct Member;
struct Node {
  enum class Kind { text, array, object } kind = Kind::text;
  std::string text;
  std::map<std::uint32_t, Node> items;
  std::vector<Member> members; // change it through add()
  base::NameIndex index;

  static Node of_text(std::string value);
  static Node array();
  static Node object();
  bool is_text() const { return kind == Kind::text; }
  std::uint32_t length() const;
  void push(Node value);
  Node* member(std::string_view name);
  void add(std::string name, Node value);
};
struct Member {
  std::string name;
  Node value;
};
Node Node::of_text(std::string value) { return {Kind::text, std::move(value), {}, {}, {}}; }
Node Node::array() { return {Kind::array, {}, {}, {}, {}}; }
Node Node::object() { return {Kind::object, {}, {}, {}, {}}; }
std::uint32_t Node::length() const { return items.empty() ? 0 : items.rbegin()->first + 1; }
void Node::push(Node value) { items.emplace(length(), std::move(value)); }
Node* Node::member(std::string_view name) {
  const std::size_t at = index.find(members, name);
  return at < members.size() ? &members[at].value : nullptr;
}
void Node::add(std::string name, Node value) {
  members.push_back({std::move(name), std::move(value)});
  index.appended(members);
}

std::optional<std::uint32_t> array_index(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || (text.size() > 1 && text[0] == '0')) return {};
  if (value == std::numeric_limits<std::uint32_t>::max()) return {};
  return value;
}

std::string decode(std::string_view text) {
  std::string plain(text);
  for (char& c : plain)
    if (c == '+') c = ' ';
  if (plain.find('%') == std::string::npos) return plain;
  auto decoded = decode_uri_component(plain);
  return decoded ? std::move(*decoded) : plain;
}

// What every JavaScript object has already; qs drops parameters of these names.
bool inherited(std::string_view name) {
  constexpr std::array<std::string_view, 12> kNames{
      "constructor",      "__defineGetter__", "__defineSetter__", "hasOwnProperty",
      "__lookupGetter__", "__lookupSetter__", "isPrototypeOf",    "propertyIsEnumerable",
      "toString",         "valueOf",          "__proto__",        "toLocaleString"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// "a[b][c]" -> a, [b], [c]; nothing for a name that must not be set.
std::optional<std::vector<std::string>> segments_of(std::string_view key) {
  std::vector<std::string> segments;
  auto open = key.find('[');
  const auto parent = key.substr(0, open);
  if (!parent.empty()) {
    if (inherited(parent)) return std::nullopt;
    segments.emplace_back(parent);
  }
  std::size_t collected = 0;
  while (open != std::string_view::npos && collected < kDepth) {
    std::size_t close = std::string_view::npos;
    int level = 1;
    for (auto i = open + 1; i < key.size() && close == std::string_view::npos; i++) {
      if (key[i] == '[') level++;
      if (key[i] == ']' && --level == 0) close = i;
    }
    if (close == std::string_view::npos) break;
    const auto segment = key.substr(open, close + 1 - open);
    if (inherited(segment.substr(1, segment.size() - 2))) return std::nullopt;
    segments.emplace_back(segment);
    collected++;
    open = key.find('[', close + 1);
  }
  // Too deep, or never closed: one literal segment.
  if (open != std::string_view::npos) segments.push_back("[" + std::string(key.substr(open)) + "]");
  return segments;
}

Node nest(const std::vector<std::string>& segments, Node leaf) {
  for (auto i = segments.size(); i-- > 0;) {
    const std::string_view root = segments[i];
    Node outer = Node::object();
    if (root == "[]") {
      if (leaf.kind == Node::Kind::array) continue; // [].concat(leaf)
      outer = Node::array();
      outer.push(std::move(leaf));
    } else {
      const bool bracketed = root.front() == '[' && root.back() == ']' && root.size() > 1;
      const auto name = bracketed ? root.substr(1, root.size() - 2) : root;
      const auto index = bracketed ? array_index(name) : std::nullopt;
      if (index) {
        outer = Node::array();
        outer.items.emplace(*index, std::move(leaf));
      } else if (name != "__proto__") {
        outer.add(std::string(name), std::move(leaf));
      }
    }
    leaf = std::move(outer);
  }
  return leaf;
}

Node as_object(Node&& array) {
  Node object = Node::object();
  for (auto& [index, item] : array.items) object.add(std::to_string(index), std::move(item));
  return object;
}

void merge(Node& target, Node source);

void merge_member(Node& target, std::string name, Node value) {
  if (Node* existing = target.member(name))
    merge(*existing, std::move(value));
  else
    target.add(std::move(name), std::move(value));
}

void merge(Node& target, Node source) {
  using Kind = Node::Kind;
  if (source.is_text()) {
    if (source.text.empty()) return;
    if (target.kind == Kind::array) return target.push(std::move(source));
    Node pair = Node::array();
    pair.push(std::move(target));
    pair.push(std::move(source));
    target = std::move(pair);
    return;
  }
  if (target.is_text()) {
    Node combined = Node::array();
    combined.push(std::move(target));
    if (source.kind == Kind::array)
      for (auto& [index, item] : source.items) combined.push(std::move(item));
    else
      combined.push(std::move(source));
    target = std::move(combined);
    return;
  }
  if (target.kind == Kind::array && source.kind == Kind::array) {
    for (auto& [index, item] : source.items) {
      const auto at = target.items.find(index);
      if (at == target.items.end())
        target.items.emplace(index, std::move(item));
      else if (!at->second.is_text() && !item.is_text())
        merge(at->second, std::move(item));
      else
        target.push(std::move(item));
    }
    return;
  }
  if (target.kind == Kind::array) target = as_object(std::move(target));
  if (source.kind == Kind::array) source = as_object(std::move(source));
  for (auto& [name, value] : source.members) merge_member(target, std::move(name), std::move(value));
}

base::Json to_json(Node node) {
  switch (node.kind) {
  case Node::Kind::text: return base::Json(std::move(node.text));
  case Node::Kind::array: {
    base::JsonArray items;
    items.reserve(node.items.size());
    for (auto& [index, item] : node.items) items.push_back(to_json(std::move(item)));
    return base::Json(std::move(items));
  }
  case Node::Kind::object: break;
  }
  // JavaScript lists members that look like array indices first, in their order.
  std::stable_sort(node.members.begin(), node.members.end(), [](const auto& a, const auto& b) {
    const auto left = array_index(a.name), right = array_index(b.name);
    return left && (!right || *left < *right);
  });
  base::JsonObject members;
  members.reserve(node.members.size());
  for (auto& [name, value] : node.members) members.push_back({std::move(name), to_json(std::move(value))});
  return base::Json(std::move(members));
}

// %5B and %5D count as brackets.
std::string with_brackets(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); i++) {
    if (text[i] == '%' && i + 2 < text.size() && text[i + 1] == '5') {
      const char c = text[i + 2];
      const char bracket = c == 'B' || c == 'b' ? '[' : c == 'D' || c == 'd' ? ']' : '\0';
      if (bracket) {
        out += bracket;
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

} // namespace

std::optional<std::string> decode_uri_component(std::string_view text) {
  if (text.find('%') == std::string_view::npos) return std::string(text);
  for (std::size_t i = 0; i < text.size(); i++) {
    if (text[i] != '%') continue;
    if (i + 2 >= text.size() || !std::isxdigit(static_cast<unsigned char>(text[i + 1])) ||
        !std::isxdigit(static_cast<unsigned char>(text[i + 2])))
      return std::nullopt;
    i += 2;
  }
  std::string decoded = base::url_decode(text, base::PlusAsBlank::no);
  if (!base::valid_utf8(decoded)) return std::nullopt;
  return decoded;
}

base::Json parse_query(std::string_view query) {
  if (query.empty()) return base::Json::object();
  const std::string text = with_brackets(query);
  Node values = Node::object(); // what stands under each name as it was sent
  std::size_t parameters = 0;
  for (std::string_view rest = text; parameters < kParameters; parameters++) {
    const auto end = rest.find('&');
    const auto part = rest.substr(0, end);
    auto equals = part.find("]=");
    equals = equals == std::string_view::npos ? part.find('=') : equals + 1;
    std::string key = decode(part.substr(0, equals));
    std::string value = equals == std::string_view::npos ? "" : decode(part.substr(equals + 1));
    if (Node* earlier = values.member(key)) {
      if (earlier->is_text()) {
        Node list = Node::array();
        list.push(std::move(*earlier));
        *earlier = std::move(list);
      }
      earlier->push(Node::of_text(std::move(value)));
    } else {
      values.add(std::move(key), Node::of_text(std::move(value)));
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  Node result = Node::object();
  for (auto& [key, value] : values.members) {
    if (key.empty()) continue;
    const auto segments = segments_of(key);
    if (segments && !segments->empty()) merge(result, nest(*segments, std::move(value)));
  }
  return to_json(std::move(result));
}

} // namespace http
