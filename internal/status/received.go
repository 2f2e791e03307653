package status

import (
	"encoding/json"
	"fmt"

	"github.com/helianthus-gi/helianthus/internal/mirror"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// mostNames is how many forms of a name are kept of one record of another house.
const mostNames = 200

// Describe reads of a content of another house what the status check looks it up by. A kind that says nothing about names is
// described by nothing.
func Describe(kind string, content []byte) (f mirror.Facts, err error) {
	add := func(text, language, form string) {
		if key := registry.NameKey(text); key != "" && len(f.Names) < mostNames {
			f.Names = append(f.Names, mirror.Name{Key: key, Text: text, Language: language, Kind: form})
		}
	}
	switch kind {
	case "registration":
		var p published
		if err := json.Unmarshal(content, &p); err != nil {
			return f, fmt.Errorf("registration: %w", err)
		}
		for _, n := range p.Names {
			add(n.Text, n.Language, n.Kind)
		}
	case "recognition":
		var c recognition.Content
		if err := json.Unmarshal(content, &c); err != nil {
			return f, fmt.Errorf("recognition: %w", err)
		}
		add(c.Name, c.Language, string(recognition.Original))
		for _, form := range c.Forms {
			add(form.Text, form.Language, string(form.Kind))
		}
		f.Market = string(c.Market)
		if c.Registration != nil {
			f.About = c.Registration.Record
		}
		if c.Instrument != nil {
			f.Instrument = c.Instrument.RecordID
		}
	case "instrument":
		var c recognition.CitedInstrument
		if err := json.Unmarshal(content, &c); err != nil {
			return f, fmt.Errorf("instrument: %w", err)
		}
	}
	return f, nil
}
