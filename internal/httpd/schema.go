package httpd

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// What a schema may find wrong with a field.
var (
	codeRequired  = problem.Field("field.required")
	codeUnknown   = problem.Field("field.unknown")
	codeType      = problem.Field("field.type")
	codeChoice    = problem.Field("field.choice")
	codePattern   = problem.Field("field.pattern")
	codeFormat    = problem.Field("field.format")
	codeShort     = problem.Field("field.too-short")
	codeLong      = problem.Field("field.too-long")
	codeFew       = problem.Field("field.too-few")
	codeMany      = problem.Field("field.too-many")
	codeRepeated  = problem.Field("field.repeated")
	codeLow       = problem.Field("field.too-low")
	codeHigh      = problem.Field("field.too-high")
	codeWrongForm = problem.Field("field.wrong")
)

// matches checks a value against a schema and returns a problem with one detail for each thing wrong. Pointers begin with
// prefix: nothing for a body, the parameter's own pointer otherwise.
func matches(schema *jsonschema.Schema, v any, prefix string) error {
	err := schema.Validate(v)
	if err == nil {
		return nil
	}
	var found *jsonschema.ValidationError
	if !errors.As(err, &found) {
		return fmt.Errorf("validate: %w", err)
	}
	wrong := problem.ErrInvalid
	collect(found, prefix, &wrong)
	return wrong
}

// collect gathers the leaves of an error. Of alternatives (anyOf, oneOf) it says only that none fits: the leaves would
// contradict each other.
func collect(e *jsonschema.ValidationError, prefix string, wrong **problem.Error) {
	pointer := prefix
	for _, step := range e.InstanceLocation {
		pointer += "/" + pointerStep(step)
	}
	at := func(pointer, code string, kv ...any) {
		if len((*wrong).Details) < maxDetails {
			*wrong = (*wrong).At(pointer, code, kv...)
		}
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			at(pointer+"/"+pointerStep(name), codeRequired)
		}
	case *kind.AdditionalProperties:
		slices.Sort(k.Properties)
		for _, name := range k.Properties {
			at(pointer+"/"+pointerStep(name), codeUnknown, "Name", name)
		}
	case *kind.AnyOf, *kind.OneOf, *kind.Not:
		at(pointer, codeWrongForm)
	default:
		if len(e.Causes) == 0 {
			code, kv := leaf(e.ErrorKind)
			at(pointer, code, kv...)
		}
		for _, cause := range e.Causes {
			collect(cause, prefix, wrong)
		}
	}
}

func leaf(k jsonschema.ErrorKind) (code string, kv []any) {
	switch k := k.(type) {
	case *kind.Type:
		return codeType, []any{"Want", strings.Join(k.Want, ", ")}
	case *kind.Enum:
		return codeChoice, []any{"Choices", join(k.Want)}
	case *kind.Const:
		return codeChoice, []any{"Choices", fmt.Sprint(k.Want)}
	case *kind.Pattern:
		return codePattern, []any{"Pattern", k.Want}
	case *kind.Format:
		return codeFormat, []any{"Format", k.Want}
	case *kind.MinLength:
		return codeShort, []any{"Min", k.Want}
	case *kind.MaxLength:
		return codeLong, []any{"Max", k.Want}
	case *kind.MinItems:
		return codeFew, []any{"Min", k.Want}
	case *kind.MaxItems:
		return codeMany, []any{"Max", k.Want}
	case *kind.MinProperties:
		return codeFew, []any{"Min", k.Want}
	case *kind.MaxProperties:
		return codeMany, []any{"Max", k.Want}
	case *kind.UniqueItems:
		return codeRepeated, nil
	case *kind.Minimum:
		return codeLow, []any{"Min", k.Want.RatString()}
	case *kind.ExclusiveMinimum:
		return codeLow, []any{"Min", k.Want.RatString()}
	case *kind.Maximum:
		return codeHigh, []any{"Max", k.Want.RatString()}
	case *kind.ExclusiveMaximum:
		return codeHigh, []any{"Max", k.Want.RatString()}
	default:
		return codeWrongForm, nil
	}
}

func join(words []any) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = fmt.Sprint(w)
	}
	return strings.Join(texts, ", ")
}
