// Package web holds the workspace (the single-page application for people who work with Helianthus) as it was built by
// `npm run build -w web/workspace`.
//
// httpd serves it under /app/. A path that names a file of the build (`assets/registry-4f3a.js`) is that file; text files
// have neighbours with the ending .br and .gz, made once by the build, which are served to browsers that accept them.
// Files under assets/ carry a hash in their names and never change. Every other path is index.html, whose places httpd
// fills for each request:
//
//	__NONCE__    the nonce of the content security policy, for the style elements that the kit writes
//	__LANG__     the language of the page, a BCP 47 tag: zh-Hans, en, ar
//	__DIR__      its direction: ltr, rtl
//	__SESSION__  the session as GET /api/v1/session gives it, as JSON safe inside a script element, or null
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:workspace/dist
var built embed.FS

// Index is the name of the page in Workspace.
const Index = "index.html"

// Workspace has the files of the build. Without a build it is empty: then Index is missing, and httpd says so.
func Workspace() fs.FS {
	dist, err := fs.Sub(built, "workspace/dist")
	if err != nil {
		panic(err) // the name above is not a path
	}
	return dist
}
