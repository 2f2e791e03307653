package registry

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

func in(t *testing.T, e encoding.Encoding, s string) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readText(t *testing.T, file string) (*textReader, string) {
	t.Helper()
	r, err := newTextReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(text)
}

func TestTextInAnyEncoding(t *testing.T) {
	t.Parallel()
	chinese, western := "名称,编号\n示范向日葵,1\n示范蜜瓜,2\n", "name;number\nDemo Käse;1\nDémo crémant;2\n"
	for _, c := range []struct {
		name, file string
		main       Encoding
		want       string
	}{
		{"UTF-8", chinese, UTF8, chinese},
		{"UTF-8 with its mark", "\ufeff" + chinese, UTF8, chinese},
		{"UTF-16 of Windows", in(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), chinese), UTF16LE, chinese},
		{"UTF-16 big-endian", in(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), chinese), UTF16BE, chinese},
		{"UTF-16 without a mark", in(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), western), UTF16LE, western},
		{"GB 18030", in(t, simplifiedchinese.GB18030, chinese), GB18030, chinese},
		{"GB 18030 beyond GBK", in(t, simplifiedchinese.GB18030, chinese+"示范㐂𠮷,3\n"), GB18030, chinese + "示范㐂𠮷,3\n"},
		{"Windows-1252", in(t, charmap.Windows1252, western), Western, western},
		{"lines end as on old Macintoshes", strings.ReplaceAll(western, "\n", "\r"), UTF8, western},
		{"no end of the last line", "name\nKäse", UTF8, "name\nKäse"},
		{"empty", "", UTF8, ""},
	} {
		r, got := readText(t, c.file)
		if r.main != c.main || got != c.want || len(r.odd) > 0 {
			t.Errorf("%s: got %s %q %v, want %s %q", c.name, r.main, got, r.odd, c.main, c.want)
		}
	}
}

func TestLinesOfAnotherEncodingAreRemembered(t *testing.T) {
	t.Parallel()
	r, got := readText(t, "名称,编号\n示范向日葵,1\n"+in(t, simplifiedchinese.GB18030, "示范蜜瓜,2\n")+in(t, charmap.Windows1252, "Demo Käse,3\n")+"示范枸杞,4\n")
	if want := "名称,编号\n示范向日葵,1\n示范蜜瓜,2\nDemo Käse,3\n示范枸杞,4\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(r.odd) != 2 || r.odd[3] != GB18030 || r.odd[4] != Western {
		t.Errorf("remembered: %v", r.odd)
	}
	if e, ok := r.between(2, 3); !ok || e != GB18030 {
		t.Errorf("between 2 and 3: %s %v", e, ok)
	}
}

func TestMended(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"KÃ¤se": "Käse", "DÃ©mo": "Démo", "ç¤ºèŒƒ": "示范", "Käse": "Käse", "São": "São", "Ærø": "Ærø", "plain": "plain", "示范": "示范"} {
		if got, did := mended(in); got != want || did != (in != want) {
			t.Errorf("%q: got %q %v, want %q", in, got, did, want)
		}
	}
}

func TestDelimiter(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]rune{"a,b\n": ',', "a;b;c\n1,5;2;3\n": ';', "a\tb\n": '\t', `"a;b;c",d` + "\n": ',', "name\n": ',', "a|b|c": '|'} {
		if got := delimiter(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("名称\n"))
	f.Add([]byte{0xff, 0xfe, 'a', 0, '\n', 0})
	f.Add([]byte{0xca, 0xbe, 0xb7, '\n', 'K', 0xe4, 's', 'e'})
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := newTextReader(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil && len(file) < maxRecord {
			t.Fatal(err)
		}
		if !utf8.Valid(text) {
			t.Fatalf("%q became %q", file, text)
		}
		if utf8.Valid(file) && !bytes.ContainsAny(file, "\x00\r") && !bytes.HasPrefix(file, []byte("\ufeff")) && !bytes.Equal(text, file) {
			t.Fatalf("UTF-8 %q was changed to %q", file, text)
		}
	})
}
