// Instants in UTC and their three spellings: JSON's ISO 8601, PostgreSQL's text, HTTP's date. Any thread.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace base {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;

Instant now();
// "2026-11-23T15:07:52.702Z", as JSON.stringify(new Date()) writes it (milliseconds, cut off).
std::string iso_time(Instant t);
// PostgreSQL's text of a timestamp with or without zone ("2026-11-23 15:07:52.70234+00"), in ISO style, DateStyle ISO.
std::optional<Instant> parse_postgres_time(std::string_view text);
// Appends the ISO form of a PostgreSQL text in UTC without parsing it fully; the fast path of list routes.
void append_iso_from_postgres(std::string& out, std::string_view text);
// ISO 8601 as JavaScript's Date accepts it (date alone, with time, with zone or Z).
std::optional<Instant> parse_iso_time(std::string_view text);
// "Mon, 23 Nov 2026 15:13:07 GMT".
std::string http_date(Instant t);
// The same back; nullopt for anything else.
std::optional<Instant> parse_http_date(std::string_view text);

} // namespace base
