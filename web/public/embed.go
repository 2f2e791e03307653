// Package public holds the pages that anybody may read, a folder each: template, style, script. They are rendered by
// httpd and work without JavaScript; only /verify has a script, since the file that it checks must not leave the browser.
package public

import "embed"

// FS has the pages.
//
//go:embed layout sandbox home calls members mark notices status users verify keys log reference problem guides developers
var FS embed.FS
