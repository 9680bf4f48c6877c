// What is to be paid in one piece or in several (what an edit adds to an order): its sessions, and the payments that come of
// them. Owns nothing. Called by the routes of payment collections and by whoever asks for such a payment, on the fiber of the
// request. Whatever changes a collection locks its row first, so that of two requests the second sees what the first did.
// Medusa 1.20: PaymentCollectionService
#pragma once
#include "base/json.hpp"
#include "base/money.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::payment {

// A collection as it is afterwards.
struct Changed {
  query::Tree tree;                    // with its sessions
  std::vector<std::string> sessions{}; // their ids, in the order in which they are shown
  std::vector<std::string> made{};     // the ids of new sessions, or of new payments
};

// One of the sessions that share out a collection's amount.
struct SessionWish {
  std::string provider_id;
  base::Amount amount = 0;
  std::optional<std::string> session_id{}; // an existing session, which is brought up to date
};
// Throws not_allowed where payment has begun, invalid_data where the amounts don't add up to the collection's. Wishes for
// providers that the region hasn't got are passed over. Sessions that no wish names are gone afterwards.
Changed set_sessions(ports::Call& call, std::string_view collection_id, const std::vector<SessionWish>& wishes);
// One session of the whole amount. Throws invalid_data where the region hasn't got the provider.
Changed set_session(ports::Call& call, std::string_view collection_id, const std::string& provider_id);

// A session is begun anew; returns the new one.
query::Tree refresh_session(ports::Call& call, std::string_view collection_id, std::string_view session_id);

// Authorizes those of the collection's sessions, makes payments of them, and moves the collection's status. What was
// authorized stays where the provider of another session fails, whose error is thrown then. To be called outside of a
// transaction. `context` goes to the providers.
Changed authorize_sessions(ports::Call& call, std::string_view collection_id,
                           const std::vector<std::string>& session_ids, const base::Json& context);

// A collection's status once so much of its amount is authorized; nothing where it stays as it is. Pure.
std::optional<std::string_view> status_after_authorization(base::Amount amount, base::Amount authorized);

} // namespace commerce::payment
