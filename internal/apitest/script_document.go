package apitest

import (
	"slices"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/tools/txtar"

	"github.com/helianthus-gi/helianthus/internal/document"
)

// writtenIn are the encodings in which a script's file may be kept.
var writtenIn = map[string]encoding.Encoding{
	"UTF-8": encoding.Nop, "GB18030": simplifiedchinese.GB18030, "UTF-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
}

// document keeps a file of the script as a document of a tenant: document TENANT FILE NAME [ENCODING].
func (s *script) document(words []string) {
	i := slices.IndexFunc(s.archive.Files, func(f txtar.File) bool { return f.Name == words[1] })
	if i < 0 {
		s.fail("there is no file %s", words[1])
	}
	form := "UTF-8"
	if len(words) > 3 {
		form = words[3]
	}
	e, ok := writtenIn[form]
	if !ok {
		s.fail("%s is no encoding of scripts", form)
	}
	content, err := e.NewEncoder().Bytes(s.archive.Files[i].Data)
	if err != nil {
		s.fail("%v", err)
	}
	d, err := s.house.Docs.Put(s.tenant(words[0]), document.File{Filename: words[1], MediaType: "text/csv", Purpose: "registration-import", Content: content})
	if err != nil {
		s.fail("%v", err)
	}
	s.vars[words[2]] = d.ID.String()
}
