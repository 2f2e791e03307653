package document

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

const svgSpace = "http://www.w3.org/2000/svg"

// svgElements are the elements of an SVG (SVG 2, appendix F) that draw, and nothing else: no script, no foreignObject, no a, and no
// animation, which can write a script into an attribute.
var svgElements = strings.Fields(`svg g defs symbol use title desc metadata style switch path rect circle ellipse line polyline polygon text tspan textPath image
	linearGradient radialGradient stop pattern clipPath mask marker filter feBlend feColorMatrix feComposite feFlood feGaussianBlur feMerge feMergeNode feOffset`)

// inert are the spaces of what drawing programs write beside the drawing; a browser does nothing with them.
var inert = []string{
	"http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://creativecommons.org/ns#", "http://purl.org/dc/elements/1.1/",
	"http://www.inkscape.org/namespaces/inkscape", "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
}

// lookSVG takes drawings that run nothing and fetch nothing. What is not known to be harmless is refused and not taken out: an official
// image stays as it was published, byte by byte. A document type is refused, since it could name entities.
func lookSVG(_ context.Context, f content, size int64) error {
	if size > maxStructured {
		return refusal(reasonSize)
	}
	d := xml.NewDecoder(bufio.NewReader(io.LimitReader(f, maxStructured)))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, refusal(reasonContent) }
	depth, roots := 0, 0
	var style *strings.Builder // of the style element that is open: its text may come in pieces, around comments and CDATA sections
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return refusal(reasonContent)
		}
		switch t := t.(type) {
		case xml.Directive:
			return refusal(reasonContent)
		case xml.ProcInst:
			if t.Target != "xml" {
				return refusal(reasonExternal)
			}
		case xml.StartElement:
			if depth == 0 {
				if roots++; t.Name.Local != "svg" || t.Name.Space != svgSpace {
					return refusal(reasonContent)
				}
			}
			if depth++; depth > maxXMLDepth {
				return refusal(reasonDepth)
			}
			if style != nil {
				return refusal(reasonContent) // nothing stands in a style but text
			}
			if err := lookSVGElement(t); err != nil {
				return err
			}
			if t.Name.Local == "style" {
				style = &strings.Builder{}
			}
		case xml.EndElement:
			depth--
			if t.Name.Local == "style" && style != nil {
				if err := lookCSS(style.String()); err != nil {
					return err
				}
				style = nil
			}
		case xml.CharData:
			if style != nil {
				style.Write(t)
			}
		}
	}
	if roots != 1 {
		return refusal(reasonContent)
	}
	return nil
}

func lookSVGElement(t xml.StartElement) error {
	if !slices.Contains(inert, t.Name.Space) && (t.Name.Space != svgSpace || !slices.Contains(svgElements, t.Name.Local)) {
		return refusal(reasonScript)
	}
	for _, a := range t.Attr {
		name, value := strings.ToLower(a.Name.Local), strings.TrimSpace(a.Value)
		switch {
		case strings.HasPrefix(name, "on"):
			return refusal(reasonScript)
		case name == "base":
			return refusal(reasonExternal)
		case name == "href" || name == "src":
			elsewhere := !strings.HasPrefix(value, "#")
			picture := t.Name.Local == "image" && (strings.HasPrefix(value, "data:image/png;base64,") || strings.HasPrefix(value, "data:image/jpeg;base64,"))
			if elsewhere && !picture {
				return refusal(reasonExternal)
			}
		case a.Name.Space == "" && name != "xmlns": // the others say nothing to a browser
			if err := lookCSS(value); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookCSS refuses what a style or a presentation attribute could fetch, and escapes, in which words hide and which no drawing needs.
func lookCSS(text string) error {
	text = strings.ToLower(text)
	for _, word := range []string{"javascript:", "expression("} {
		if strings.Contains(text, word) {
			return refusal(reasonScript)
		}
	}
	for _, word := range []string{`\`, "@import", "image(", "image-set("} {
		if strings.Contains(text, word) {
			return refusal(reasonExternal)
		}
	}
	for _, after := range strings.Split(text, "url(")[1:] {
		if !strings.HasPrefix(strings.TrimLeft(after, " \t\r\n\"'"), "#") {
			return refusal(reasonExternal)
		}
	}
	return nil
}
