package credential

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// link is where anybody checks a credential. The credential stands after the number sign, which a browser keeps to itself:
// no server learns who checks what.
func (s *Credentials) link(c Credential) string { return s.base + "/verify#credential=" + c.Token }

// mostModules is the widest QR code that a telephone reads well from 60 mm of print: version 32 (ISO/IEC 18004), with its
// quiet border.
const mostModules = 17 + 4*32 + 8

// code is the QR code of a credential: all of it where there is room, and else its hash, which finds its status.
func (s *Credentials) code(c Credential) ([]string, error) {
	digits, err := digitsOf(c.Token)
	if err != nil {
		return nil, fmt.Errorf("credential %s: %w", c.Number, err)
	}
	rows, err := typeset.QR(s.base+"/verify#credential="+digits, typeset.Dense)
	if err == nil && len(rows) <= mostModules {
		return rows, nil
	}
	return typeset.QR(s.base+"/verify#sha256="+hex.EncodeToString(c.SHA256), typeset.Sturdy)
}

// digitsOf writes a token in digits, of which a QR code holds three in ten bits: header and claims as they were before
// base64url and the signature, with a line feed between, deflated; then two bytes at a time as five digits, the last one
// alone as three.
func digitsOf(token string) (string, error) {
	var packed bytes.Buffer
	z, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return "", err
	}
	for i, part := range strings.Split(token, ".") {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			return "", err
		}
		if i > 0 {
			raw = append([]byte{'\n'}, raw...) // canonical JSON has none
		}
		if _, err := z.Write(raw); err != nil {
			return "", err
		}
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	var out strings.Builder
	for b := packed.Bytes(); len(b) > 0; {
		if len(b) == 1 {
			fmt.Fprintf(&out, "%03d", b[0])
			break
		}
		fmt.Fprintf(&out, "%05d", int(b[0])<<8|int(b[1]))
		b = b[2:]
	}
	return out.String(), nil
}

// picture draws rows of modules as SVG, one path for all.
func picture(rows []string) string {
	var path strings.Builder
	for y, row := range rows {
		for x := 0; x < len(row); {
			run := len(row[x:]) - len(strings.TrimLeft(row[x:], row[x:x+1]))
			if row[x] == '1' {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x, y, run, run)
			}
			x += run
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges"><rect width="%[1]d" height="%[1]d" fill="#fff"/><path d="%[2]s"/></svg>`, len(rows), path.String())
}
