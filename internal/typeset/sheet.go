package typeset

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"time"

	"github.com/helianthus-gi/helianthus/internal/locale"
)

// Sheet begins what a template reads as data.json: a paper's own type embeds it and adds its texts. The template adds nothing.
type Sheet struct {
	Language  string            `json:"language"`  // BCP 47
	Direction string            `json:"direction"` // ltr or rtl
	Words     map[string]string `json:"l"`         // the template's own words
	Created   [3]int            `json:"created"`   // year, month, day
	Missing   []string          `json:"missing"`   // what Unprintable finds; Set writes it
}

// SheetOf begins a sheet in a language, made on a day.
func SheetOf(tag locale.Tag, day time.Time) Sheet {
	return Sheet{Language: string(tag), Direction: tag.Dir(), Words: map[string]string{}, Created: [3]int{day.Year(), int(day.Month()), day.Day()}, Missing: []string{}}
}

func (s *Sheet) sheet() *Sheet { return s }

// Data is a paper that embeds a Sheet.
type Data interface{ sheet() *Sheet }

// Set typesets data by the template in the folder template of the job, which lacks data.json and the day: both are the data's.
// It returns ErrFailed as Render does.
func (p *Pool) Set(ctx context.Context, job Job, data Data) (r Result, err error) {
	s := data.sheet()
	if s.Missing, err = p.Unprintable(data); err != nil {
		return r, err
	}
	text, err := json.Marshal(data)
	if err != nil {
		return r, fmt.Errorf("typeset: %w", err)
	}
	if job.Template, err = fs.Sub(job.Template, "template"); err != nil {
		return r, fmt.Errorf("typeset: %w", err)
	}
	files := map[string][]byte{"data.json": text}
	maps.Copy(files, job.Files)
	job.Files, job.Created = files, time.Date(s.Created[0], time.Month(s.Created[1]), s.Created[2], 0, 0, 0, 0, time.UTC)
	return p.Render(ctx, job)
}
