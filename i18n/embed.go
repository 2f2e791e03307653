// Package i18n holds the catalogues: one file of go-i18n messages a locale, used by the server and by the web alike.
package i18n

import "embed"

// FS has one file a locale, named by its BCP 47 tag.
//
//go:embed *.json
var FS embed.FS
