// Package brand holds the visual identity: one file of design tokens, used by the workspace and the public pages alike.
package brand

import _ "embed"

// Tokens are the design tokens as CSS custom properties.
//
//go:embed tokens.css
var Tokens []byte
