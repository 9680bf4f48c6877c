// Where names stand in a list, so that the search among thousands of them costs what it costs among few. A short list is
// searched from its start and has no index. Owns the table of positions; the list is its holder's, who tells of each
// change. Held by JSON objects and by lists of names that clients send (http, query); any thread, one at a time.
#pragma once
#include "base/hash.hpp"
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace base {

class NameIndex {
 public:
  static constexpr std::size_t kShort = 32; // names that are searched without an index

  NameIndex() = default;
  NameIndex(NameIndex&&) noexcept = default;
  NameIndex& operator=(NameIndex&&) noexcept = default;
  NameIndex(const NameIndex& other) : places_(other.places_ ? std::make_unique<Places>(*other.places_) : nullptr) {}
  NameIndex& operator=(const NameIndex& other) { return *this = NameIndex(other); }

  // The position of the first element of `list` with that `name`; list.size() where there is none.
  template<class List> std::size_t find(const List& list, std::string_view name) const {
    return search(list, name).position;
  }
  // `list` has one more element, at its end.
  template<class List> void appended(const List& list) {
    if (places_ && list.size() <= places_->size() / 2)
      place(list, list.size() - 1);
    else if (list.size() > kShort)
      rebuild(list);
  }
  // Elements of `list` are gone or have moved.
  template<class List> void changed(const List& list) {
    places_.reset();
    if (list.size() > kShort) rebuild(list);
  }
  // How many names are compared when each one of `list` is looked for once: what tests look at.
  template<class List> std::size_t comparisons(const List& list) const {
    std::size_t sum = 0;
    for (const auto& element : list) sum += search(list, element.name).compared;
    return sum;
  }

 private:
  // A power of two of places, at most half of them taken: positions in the list, counted from 1; 0: free. A name stands
  // at the place that its hash says, or at the next free one behind it.
  using Places = std::vector<std::uint32_t>;
  struct Found {
    std::size_t position, compared;
  };

  template<class List> Found search(const List& list, std::string_view name) const {
    if (!places_) {
      std::size_t at = 0;
      while (at < list.size() && list[at].name != name) at++;
      return {at, at};
    }
    std::size_t compared = 0;
    for (std::size_t at = first_place(name); (*places_)[at]; at = next(at), compared++)
      if (const std::size_t position = (*places_)[at] - 1; list[position].name == name) return {position, compared};
    return {list.size(), compared};
  }
  template<class List> void rebuild(const List& list) {
    places_ = std::make_unique<Places>(std::bit_ceil(4 * list.size()));
    for (std::size_t position = 0; position < list.size(); position++) place(list, position);
  }
  template<class List> void place(const List& list, std::size_t position) {
    std::size_t at = first_place(list[position].name);
    while ((*places_)[at]) at = next(at);
    (*places_)[at] = static_cast<std::uint32_t>(position + 1);
  }
  std::size_t first_place(std::string_view name) const { return keyed_hash(name) & (places_->size() - 1); }
  std::size_t next(std::size_t at) const { return (at + 1) & (places_->size() - 1); }

  std::unique_ptr<Places> places_;
};

} // namespace base
