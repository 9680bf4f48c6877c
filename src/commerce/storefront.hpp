// What a storefront may see when it follows relations (`expand`, `fields`) from a row whose id it knows: the shop's
// catalogue as far as it is public, and of people nobody but the row's own. 1.20 shows whatever hangs together.
// Owns nothing. Called by the store routes and the views that they show, on the fiber of the request.
#pragma once
#include "ports/call.hpp"
#include "query/query.hpp"
#include <string_view>

namespace commerce {

inline constexpr std::string_view kPublicCategory = "t.is_active AND NOT t.is_internal";

// Whose the row is that was asked for.
enum class Whose { somebodys, the_callers };

// Whether that relation leads to rows of other people, or to what a shop keeps to itself.
bool leads_away(const schema::Entity& entity, const schema::Relation& relation, Whose whose);
// Throws invalid_data, in 1.20's words, that names the relations of `selection` that lead away; lets products, categories and
// shipping options that many rows share count only where they are public.
void show_only_public(const schema::Entity& entity, query::Selection& selection, Whose whose = Whose::somebodys);

// The customer of that cart or order, where it was loaded, is shown whole to admins and to themselves. Everybody else sees
// of them what the cart or order says itself, for anybody may order with anybody's e-mail address.
void hide_customer(const ports::Call& call, const query::Row& row);

} // namespace commerce
