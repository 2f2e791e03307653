package typeset

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

// Unprintable lists the code points (hexadecimal) of a paper's texts that must not be set as they are: those without a
// glyph, which would stop the whole paper, and the controls that turn text around, with which a name can be made to look
// like another. The paper is what its template reads as data.json.
func (p *Pool) Unprintable(paper any) ([]string, error) {
	data, err := json.Marshal(paper)
	if err != nil {
		return nil, fmt.Errorf("typeset: %w", err)
	}
	var texts any
	if err := json.Unmarshal(data, &texts); err != nil {
		return nil, fmt.Errorf("typeset: %w", err)
	}
	var all strings.Builder
	collect(&all, texts)
	missing, err := p.Missing(all.String())
	if err != nil {
		return nil, err
	}
	for _, r := range "\u202a\u202b\u202c\u202d\u202e" {
		if strings.ContainsRune(all.String(), r) {
			missing = append(missing, r)
		}
	}
	points := []string{}
	for _, r := range missing {
		points = append(points, fmt.Sprintf("%04X", r))
	}
	slices.Sort(points)
	return points, nil
}

func collect(all *strings.Builder, v any) {
	switch v := v.(type) {
	case string:
		all.WriteString(v)
	case []any:
		for _, e := range v {
			collect(all, e)
		}
	case map[string]any:
		for _, e := range v {
			collect(all, e)
		}
	}
}

// Level is how much of a QR code may be lost (ISO/IEC 18004).
type Level = qrcode.RecoveryLevel

// The levels that we print.
const (
	Sturdy = qrcode.Medium // 15 %, for a few words
	Dense  = qrcode.Low    // 7 %, for as much as there is room for
)

// QR draws a text as rows of modules, 0 and 1, with the quiet border that scanners need.
func QR(text string, level Level) ([]string, error) {
	c, err := qrcode.New(text, level)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	var rows []string
	for _, row := range c.Bitmap() {
		line := make([]byte, len(row))
		for i, on := range row {
			line[i] = '0'
			if on {
				line[i] = '1'
			}
		}
		rows = append(rows, string(line))
	}
	return rows, nil
}
