#include "targets.hpp"
#include "base/csv.hpp"
#include "base/date_text.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include "base/tokens.hpp"
#include "config/environment.hpp"
#include "config/origins.hpp"
#include "config/properties.hpp"
#include "db/address_impl.hpp"
#include "http/compression.hpp"
#include "http/cookie_signature.hpp"
#include "http/cors.hpp"
#include "http/multipart.hpp"
#include "http/query_string.hpp"
#include "http/request_parser.hpp"
#include "redis/redis.hpp"
#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace fuzz {
namespace {

void require(bool holds, const char* rule) {
  if (!holds) throw std::logic_error(rule);
}

// The input's last byte decides how large the pieces are in which it comes.
std::size_t piece_of(std::string_view input) {
  return input.empty() ? 1 : 1 + static_cast<unsigned char>(input.back()) % 32;
}
template<class Feed> void in_pieces(std::string_view input, std::size_t piece, Feed feed) {
  for (; !input.empty(); input.remove_prefix(std::min(piece, input.size()))) feed(input.substr(0, piece));
}

// --- HTTP ----------------------------------------------------------------------------------------------------------

// What a request came to, as text.
std::string outcome(const http::RequestParser& parser, const http::Request& request) {
  std::string text = std::to_string(static_cast<int>(parser.state())) + " " + std::to_string(parser.refusal());
  if (parser.state() != http::RequestParser::State::complete) return text;
  text += "\n" + request.method_text + " " + request.target + "\n" + request.path + "?" + request.raw_query + "\n";
  for (const auto& header : request.headers) text += header.name + ": " + header.value + "\n";
  return text + (parser.keep_alive() ? "keep" : "close") + "\n" + request.raw_body;
}

void request(std::string_view input) {
  const http::Limits limits{.head = 2048, .header_fields = 16, .body = 512, .dropped_body = 1024};
  http::RequestParser whole(limits), pieces(limits);
  std::string_view rest = input;
  // Several, one behind the other, as they come over one connection.
  for (int turn = 0; turn < 8; ++turn) {
    const std::size_t took = whole.feed(rest);
    require(took <= rest.size(), "takes no more than there is");
    std::size_t fed = 0;
    while (fed < took) {
      const auto piece = rest.substr(fed, std::min(piece_of(input), took - fed));
      const std::size_t n = pieces.feed(piece);
      fed += n;
      if (n < piece.size()) break;
    }
    const std::string expected = outcome(whole, whole.request()), got = outcome(pieces, pieces.request());
    if (expected != got) throw std::logic_error("pieces come to " + got + ", the whole to " + expected);
    require(fed == took || whole.state() == http::RequestParser::State::refused, "pieces end where the whole does");
    if (whole.state() != http::RequestParser::State::complete) return;
    require(whole.request().raw_body.size() <= limits.body, "a body stays within its limit");
    rest.remove_prefix(took);
    whole.reset();
    pieces.reset();
  }
}

// The request parser lets nothing else through.
void query(std::string_view input) {
  if (!base::valid_utf8(input)) return;
  const auto value = http::parse_query(input);
  require(value.is_object(), "a query is an object");
  require(base::parse_json(value.dump()).dump() == value.dump(), "a query can be written as JSON");
  if (const auto decoded = http::decode_uri_component(input))
    require(decoded->size() <= input.size(), "decoding makes nothing longer");
}

std::string parts_of(std::string_view form, std::size_t piece) {
  try {
    http::MultipartParser parser("x", {.header = 256, .parts = 8});
    in_pieces(form, piece, [&](std::string_view bytes) { parser.feed(bytes); });
    std::string text;
    for (const auto& part : parser.finish()) {
      require(part.offset + part.size <= form.size(), "a part lies in its form");
      text += part.name + "|" + part.filename.value_or("-") + "|" + part.type + "|" +
              std::string(form.substr(part.offset, part.size)) + "\n";
      if (part.filename)
        require(part.filename->find_first_of("/\\") == std::string::npos, "a file name has no folders");
    }
    return text;
  } catch (const base::Error& refusal) {
    return refusal.what();
  }
}
void multipart(std::string_view input) {
  const std::string whole = parts_of(input, input.size() + 1), pieces = parts_of(input, piece_of(input));
  if (whole != pieces) throw std::logic_error("pieces come to " + pieces + ", the whole to " + whole);
  http::multipart_boundary(input);
}

void signatures(std::string_view input) {
  static const base::Mac mac("secret");
  require(!http::unsign_cookie(input, mac), "nobody guesses a signature");
  require(!base::verify_jwt(mac, input), "nobody guesses a token");
  base::read_jwt(input);
  base::base64_url_decode(input);
  require(http::unsign_cookie(http::sign_cookie(input, mac), mac) == input, "a signed value comes back");
  require(base::base64_url_decode(base::base64_url(input)) == input, "base64 reads back");
}

void encoding(std::string_view input) {
  http::preferred_encoding(input);
  http::is_compressible(input);
}

// "PATTERN\nORIGIN": no pattern stalls the server, and a broken one is told.
void origins(std::string_view input) {
  const auto line = input.find('\n');
  try {
    const http::Cors cors(config::parse_origins(base::Json(std::string(input.substr(0, line)))));
    cors.allows(line == input.npos ? std::string_view() : input.substr(line + 1));
  } catch (const config::ConfigError&) { // says what is wrong with it
  }
}

// --- texts ---------------------------------------------------------------------------------------------------------

void json(std::string_view input) {
  base::Json value;
  try {
    value = base::parse_json(input);
  } catch (const base::JsonParseError&) {
    return;
  }
  const std::string text = value.dump();
  require(base::parse_json(text).dump() == text, "what was written reads back");
}

void times(std::string_view input) {
  if (const auto time = base::parse_iso_time(input)) {
    const auto text = base::iso_time(*time);
    const auto again = base::parse_iso_time(text);
    require(again && base::iso_time(*again) == text, "an instant reads back");
  }
  if (const auto time = base::parse_http_date(input))
    require(base::parse_http_date(base::http_date(*time)) == time, "a date reads back");
  base::parse_postgres_time(input);
  if (const auto time = base::parse_date(input)) {
    const auto milliseconds = time->time_since_epoch().count() / 1000;
    require(std::abs(milliseconds) <= 8'640'000'000'000'000, "a date is one of JavaScript's");
    if (milliseconds >= -62'167'219'200'000 && milliseconds < 253'402'300'800'000) // of the years 0 to 9999
      require(base::parse_date(base::iso_time(*time)) == time, "a date reads back");
  }
}

void bytes(std::string_view input) { config::parse_bytes(input); }

void environment(std::string_view input) {
  for (const auto& variable : config::parse_environment(input))
    require(!variable.name.empty() && variable.line > 0, "a variable has a name and a line");
}

void addresses(std::string_view input) {
  try {
    db::parse_url(std::string(input));
  } catch (const base::Error&) {
  }
  try {
    redis::options_from(input);
  } catch (const std::invalid_argument&) {
  }
}

// --- tables --------------------------------------------------------------------------------------------------------

struct Lines {
  std::vector<base::CsvReader::Cells> lines{};
  std::string refusal{};
  bool operator==(const Lines&) const = default;
};
Lines lines_of(std::string_view table, std::size_t piece) {
  Lines found;
  base::CsvReader reader([&](auto& cells) { found.lines.push_back(cells); }, {.cell = 64, .cells = 16});
  try {
    in_pieces(table, piece, [&](std::string_view bytes) { reader.feed(bytes); });
    reader.finish();
  } catch (const base::Error& refusal) {
    found.refusal = refusal.what();
  }
  return found;
}
void csv(std::string_view input) {
  const auto whole = lines_of(input, input.size() + 1);
  require(whole == lines_of(input, piece_of(input)), "pieces of a table come to the same as the whole");
  // Behind a first line that says what separates, everything reads back.
  Lines written{{{"a", "b"}}};
  std::string table = "a;b\r\n";
  for (const auto& line : whole.lines) {
    written.lines.push_back({"x"});
    table += "x";
    for (const auto& cell : line) {
      if (written.lines.back().size() == 16) break;
      written.lines.back().push_back(cell);
      table += ';';
      base::append_csv_cell(table, cell);
    }
    table += "\r\n";
  }
  require(written == lines_of(table, piece_of(input)), "a table that is written reads back");
}

const std::vector<Target> kTargets{
    {"request",
     {"GET /store/products?limit=1 HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
      "POST /store/carts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}GET / HTTP/1.0\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5;x=1\r\nhello\r\n0\r\nTrailer: 1\r\n\r\n",
      "HEAD http://a/b?c HTTP/1.1\r\nCookie: a=1\r\nCookie: b=2\r\nX: \t y \r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n"},
     request},
    {"query",
     {"fields=id,title&expand=variants.prices&limit=10&offset=0",
      "created_at[gte]=2024-01-01&created_at[lt]=2025&tags[]=a&tags[]=b",
      "a[b][c][0]=1&a[b][c][2]=%C3%A4&a%5Bd%5D=+&a[__proto__]=x&a.b=1", "a[0][b]=1&a[1][b]=2&a=3&&=&[]=&%zz=%"},
     query},
    {"multipart",
     {"--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--x--\r\n",
      "--x\r\ncontent-disposition: form-data; name=a; filename*=utf-8''%C3%A4.txt\r\n\r\n\r\n--x\r\n\r\n--x--",
      "preamble\r\n--x  \r\n\r\nq\r\n--x-", "multipart/form-data; boundary=\"a b\""},
     multipart},
    {"signatures",
     {"s:abc.Zm9v", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiYSIsImlhdCI6MSwiZXhwIjo5OTk5OTk5OTk5fQ.c2ln",
      "s%3Aabc.def", "..", "a.b.c"},
     signatures},
    {"encoding",
     {"gzip, deflate, br", "br;q=0.5, gzip;q=1.0, *;q=0", "identity;q=0", "text/html; charset=utf-8", ";q=,;"},
     encoding},
    {"origins",
     {"http://localhost:8000,https://a.b\nhttps://a.b", "/shop\\.example\\.com$/i\nhttps://shop.example.com",
      "/(a+)+$/\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "/^https:\\/\\/[a-z]{1,3}\\d\\.x$/u,*\nhttps://ab1.x",
      "/(?<n>a)\\k<n>[^]\\p{L}/u\nab"},
     origins},
    {"json",
     {R"({"a":[1,-2.5e10,true,null,"\u00e4\ud83d\ude00\n"],"b":{"c":{}}})", R"([1e400,-0,0.1,12345678901234567890])",
      R"("\ud800")", "[[[[]]]]", R"({"a":1,"a":2})"},
     json},
    {"times",
     {"2026-11-23T15:07:52.702Z", "2026-11-23", "2026-11-23T15:07+02:00", "2026-11-23 15:07:52.70234+00",
      "Mon, 23 Nov 2026 15:13:07 GMT", "+012345-01-01T00:00:00Z", "Jan 5 2020 10:00 PM EST",
      "2020/1/5 (x) 1:02:03.5 GMT-0130"},
     times},
    {"bytes", {"1kb", "2.5 MB", "-1", "1e3", "99999999999999999999tb", ".5gb"}, bytes},
    {"environment",
     {"A=1\nexport B = 'x y' # note\nC=\"a\\nb\"\n#D=1\nE=`t\nu`\n", "A=\nB=''\n=1\nA B=2\n\xEF\xBB\xBF"
                                                                     "C=3\r\n"},
     environment},
    {"addresses",
     {"postgres://user:p%40ss@host:5432/name?sslmode=require&application_name=x", "postgresql:///name?host=/var/run",
      "host=a port=1 dbname='b c' sslmode=disable", "socket:/tmp?db=x", "redis://:secret@127.0.0.1:6379/3?family=6",
      "rediss://u:p@[::1]:1", "6379", "/tmp/redis.sock?db=1"},
     addresses},
    {"csv",
     {"a;b\r\n1;\"2\"\"\r\n3\"\r\n",
      "\xEF\xBB\xBF"
      "a,b\n\n1,2",
      "a\tb\r\"x\"y\t\"\r", "\"a|\"|b\n;;;\n\"", "a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q"},
     csv},
};

} // namespace

std::span<const Target> targets() { return kTargets; }

} // namespace fuzz
