// Package tenancy is the only door to tenant tables.
//
// A Scope says for which tenant and as whom something is done; httpd and the job workers put it into the context.
// DB.Tx opens a transaction, sets the scope locally to that transaction and runs a function in it; row-level
// security in PostgreSQL then shows and takes that tenant's rows only. Without a scope there is no transaction.
// DB.Whole makes one transaction of all that is done in a context.
// Work for nobody in particular (a public page, an anonymous status question) carries the scope Public, which sees
// published facts and nothing else.
package tenancy
