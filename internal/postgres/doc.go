// Package postgres is everything that knows PostgreSQL as a program: the embedded cluster, roles and database of a new
// server, migrations, the pool, the start-up refusal, and the translation of its errors into problems.
//
// Three roles: helianthus_owner owns tables and runs migrations; helianthus_app is what requests and jobs work as, owns
// nothing and obeys row-level security; helianthus_gate owns the few definer functions that must look past one tenant.
package postgres
