// Package httpd is the product on the web: the API that the specification declares, the public pages, and the workspace.
//
// The specification rules. At the start every operation is read from it: its permission, its parameters, its bodies. A
// request then goes one way: the router finds the operation, guard finds out who asks and whether they may, input checks
// what was sent against the schema, and the generated server calls the package of the noun. Whatever goes wrong on the way
// ends in fail, which turns a problem into a response; nothing else writes one.
//
// A write with an Idempotency-Key is done once. The request, whatever transactions it is made of, and the record of its
// answer are one transaction (tenancy.DB.Whole), and an advisory lock of that transaction holds the key. So a node that dies in
// the middle leaves neither half a write nor a key in work, and no lease has to run out. The other way, a row that says
// "begun" and a second one that says "answered", was not taken: after a crash between the two nobody knows the answer. The price
// is that a request with a key holds one connection from its beginning to its end. An answer of 429 or 5xx undoes the
// transaction and is not kept, so the same key may be tried again.
package httpd
