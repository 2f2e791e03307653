// Package brand holds the visual identity, used by the workspace and the public pages alike: one file of design tokens,
// and the icon. logo.svg is the same mark for large sizes. Both are a sunflower's head, its seeds on Vogel's spiral (the
// golden angle, 137.5°).
package brand

import _ "embed"

// Tokens are the design tokens as CSS custom properties.
//
//go:embed tokens.css
var Tokens []byte

// Icon is the mark for the smallest sizes, an SVG.
//
//go:embed favicon.svg
var Icon []byte
