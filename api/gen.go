// Package api is the API as the specification api/openapi.yaml declares it: wire types, a server interface and a client.
// All of it is generated; what the operations do is in the packages under internal, in files named api.go.
package api

import _ "embed"

//go:generate sh -c "sed -f codegen.sed openapi.yaml > openapi.gen.yaml"
//go:generate go tool oapi-codegen -config server.cfg.yaml openapi.gen.yaml
//go:generate go tool oapi-codegen -config client.cfg.yaml openapi.gen.yaml
//go:generate rm openapi.gen.yaml

// Spec is the specification itself, OpenAPI 3.1 in YAML.
//
//go:embed openapi.yaml
var Spec []byte
