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
	codeRequired = problem.Field("schema.required")
	codeUnknown  = problem.Field("schema.unknown")
	codeType     = problem.Field("schema.type")
	codeChoice   = problem.Field("schema.choice")
	codeForm     = problem.Field("schema.form")
	codeShort    = problem.Field("schema.too-short")
	codeLong     = problem.Field("schema.too-long")
	codeFew      = problem.Field("schema.too-few")
	codeMany     = problem.Field("schema.too-many")
	codeLow      = problem.Field("schema.too-low")
	codeHigh     = problem.Field("schema.too-high")
	codeTwice    = problem.Field("schema.twice")
	codeWrong    = problem.Field("schema.wrong")
)

// codeFormat has the formats that people can be told about in words.
var codeFormat = map[string]string{
	"date":      problem.Field("schema.day"),
	"date-time": problem.Field("schema.instant"),
	"uuid":      problem.Field("schema.id"),
	"email":     problem.Field("schema.email"),
	"uri":       problem.Field("schema.address"),
}

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
			at(pointer+"/"+pointerStep(name), codeUnknown)
		}
	case *kind.AnyOf, *kind.OneOf, *kind.Not:
		at(pointer, codeWrong)
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
		return codeChoice, []any{"Words", join(k.Want)}
	case *kind.Const:
		return codeChoice, []any{"Words", fmt.Sprint(k.Want)}
	case *kind.Pattern:
		return codeForm, nil
	case *kind.Format:
		if code, ok := codeFormat[k.Want]; ok {
			return code, nil
		}
		return codeForm, nil
	case *kind.MinLength:
		if k.Got == 0 { // a form sends what nobody filled in as an empty text
			return codeRequired, nil
		}
		return codeShort, []any{"Want", k.Want}
	case *kind.MaxLength:
		return codeLong, []any{"Want", k.Want}
	case *kind.MinItems:
		return codeFew, []any{"Want", k.Want}
	case *kind.MaxItems:
		return codeMany, []any{"Want", k.Want}
	case *kind.MinProperties:
		return codeFew, []any{"Want", k.Want}
	case *kind.MaxProperties:
		return codeMany, []any{"Want", k.Want}
	case *kind.UniqueItems:
		return codeTwice, nil
	case *kind.Minimum:
		return codeLow, []any{"Want", k.Want.RatString()}
	case *kind.ExclusiveMinimum:
		return codeLow, []any{"Want", k.Want.RatString()}
	case *kind.Maximum:
		return codeHigh, []any{"Want", k.Want.RatString()}
	case *kind.ExclusiveMaximum:
		return codeHigh, []any{"Want", k.Want.RatString()}
	default:
		return codeWrong, nil
	}
}

func join(words []any) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = fmt.Sprint(w)
	}
	return strings.Join(texts, ", ")
}
