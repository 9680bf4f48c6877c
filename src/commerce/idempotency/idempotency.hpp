// One request, one effect: the replies of POST requests, kept under the key of the header Idempotency-Key.
// Owns the rows of idempotency_key. Called by routes.hpp, which speaks HTTP, and by steps of the checkout, on the fiber of the
// request.
//
// Medusa 1.20: IdempotencyKeyService. 1.20 writes a row for every such request, under a key of its own making, and
// knows only those keys again. Here a row exists only where the client sent a key; without one the answer still
// carries a fresh `idempotency-key`, which costs no statement. A key that a client made itself is kept from its first
// use on (1.20 gives such a request another key, so that its retry takes effect twice).
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace commerce::idempotency {

struct Reply {
  int status = 200;
  std::string body; // JSON text
};

struct Key {
  std::string name;                       // what the response header says
  bool stored = false;                    // has a row: the client sent it
  std::string recovery_point = "started"; // 1.20's name of the last step that was committed
  std::optional<Reply> reply{};           // of a request that had this key and has ended
};

// What a request says of itself.
struct Asked {
  std::string_view key; // of the header; empty: none
  std::string_view method, path;
  base::Json params = base::Json::object(); // of the path
  std::string body{};                       // in short, to tell it from another
};

// Finds or inserts the row of the request's key and locks it (in a transaction, until its end: another request with
// the same key waits, then sees the reply). Without a key it is a fresh one. Throws invalid_data for a key that can be none,
// and a conflict for one that has been used for another request.
Key claim(ports::Call& call, const Asked& asked);
// Writes that travel with a step's transaction; they do nothing for a key without a row.
void advance(ports::Call& call, const Key& key, std::string_view recovery_point);
void finish(ports::Call& call, const Key& key, const Reply& reply);

// True for a header value that may become a row's key: text of 16 to 255 bytes. Shorter ones are no random keys,
// and two strangers who both send "1" must not see each other's carts.
bool acceptable_key(std::string_view value);
// 1.20's request_path: the part after the resource's mount point, "/cart_1/complete" of "/store/carts/cart_1/complete".
std::string path_in_router(std::string_view path);

} // namespace commerce::idempotency
