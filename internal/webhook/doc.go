// Package webhook tells a tenant's own systems about changes of the feed (package exchange), by the rules of Standard
// Webhooks 1.0.0 (standardwebhooks.com).
//
// An endpoint keeps its position in the feed. A worker walks the feed for it and makes a delivery of each change that its
// tenant may read; deliveries are tried in the order of the feed, several at once, and a late one does not hold up the
// others: a receiver orders them by `data.seq`, and finds gaps with GET /api/v1/changes. What a delivery says is read in
// the instant of its sending, so that what was concealed meanwhile is not sent.
//
// The request:
//
//	POST <url>
//	content-type: application/json
//	webhook-id: msg_<endpoint>_<seq>     the same at each try and each replay: receivers skip what they have had
//	webhook-timestamp: <unix seconds>
//	webhook-signature: v1,<base64>       of HMAC-SHA256 over `id.timestamp.body`; two of them while a secret is exchanged
//
//	{"type": "registration.publish", "timestamp": "…", "data": <a line of the change feed>}
//
// Any status 2xx says that it was received. Whatever else comes is tried again, nine times over three days; 410 disables
// the endpoint, and so does a delivery that was given up while nothing else arrived for as long. Redirects are not followed.
//
// # Where it goes
//
// Only https, and only addresses that are public by the special-purpose registries of IANA (RFC 6890). The address is
// looked at when the connection is made, after names were resolved, so that a name that changes its address gets nowhere.
package webhook
