# What the Go code is generated without: Idempotency-Key is dealt with before an operation is reached (internal/httpd/once.go), and a Go
# client sets it by a RequestEditorFn; as a parameter it would be one type and one argument more for each write. An overlay of
# oapi-codegen takes it out too, and sorts the routes, so that the busiest come last.
s/, {$ref: '#\/components\/parameters\/IdempotencyKey'}\]/]/
/^ *parameters: \[{$ref: '#\/components\/parameters\/IdempotencyKey'}\]$/d
/^ *- {$ref: '#\/components\/parameters\/IdempotencyKey'}$/d
/^ *IdempotencyKey: {name: Idempotency-Key,/d
