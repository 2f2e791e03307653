// Package httpd is the product on the web: the API that the specification declares, the public pages, and the workspace.
//
// The specification rules. At the start every operation is read from it: its permission, its parameters, its bodies. A
// request then goes one way: the router finds the operation, guard finds out who asks and whether they may, input checks
// what was sent against the schema, and the generated server calls the package of the noun. Whatever goes wrong on the way
// ends in fail, which turns a problem into a response; nothing else writes one.
package httpd
