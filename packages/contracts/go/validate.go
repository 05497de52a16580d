package contracts

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Direction decides about properties that the schema does not know.
type Direction int

const (
	// Publishing refuses them.
	Publishing Direction = iota
	// Receiving ignores them, so that a publisher may be a version ahead.
	Receiving
)

// Violation says where JSON breaks a schema, and which keyword. Its message names no value.
type Violation struct {
	Path, Rule, Message string
}

// Check reads JSON once, without making values of it. It returns nil for what keeps the schema.
func (s *Schema) Check(data []byte, direction Direction) *Violation {
	reader := checker{direction: direction}
	reader.decoder.Reset(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true))
	if found := reader.check(s); found != nil {
		return found
	}
	if _, err := reader.decoder.ReadToken(); err != io.EOF {
		return notJSON()
	}
	return nil
}

type checker struct {
	decoder   jsontext.Decoder
	direction Direction
	path      []string
}

func (c *checker) check(s *Schema) *Violation {
	switch kind := c.decoder.PeekKind(); {
	case kind == 0:
		return notJSON()
	case s.kind == "object":
		if kind != '{' {
			return c.wrongType("an object")
		}
		return c.object(s)
	case s.kind == "array":
		if kind != '[' {
			return c.wrongType("a list")
		}
		return c.list(s)
	case s.kind == "boolean":
		if kind != 't' && kind != 'f' {
			return c.wrongType("true or false")
		}
		return c.skip()
	case s.kind == "string":
		if kind != '"' {
			return c.wrongType("text")
		}
		return c.text(s)
	default:
		if kind != '0' {
			return c.wrongType(numberWords[s.kind])
		}
		return c.number(s)
	}
}

var numberWords = map[string]string{"integer": "a whole number", "number": "a number"}

func (c *checker) object(s *Schema) *Violation {
	if _, err := c.decoder.ReadToken(); err != nil {
		return notJSON()
	}
	var seen uint64
	for c.decoder.PeekKind() != '}' {
		raw, err := c.decoder.ReadValue()
		if err != nil {
			return notJSON()
		}
		name, err := unquote(raw)
		if err != nil {
			return notJSON()
		}
		known := s.properties[string(name)]
		if known == nil && s.others == nil {
			if !s.anyOthers && c.direction == Publishing {
				c.path = append(c.path, string(name))
				return c.violation("additionalProperties", "the contract does not know it")
			}
			if found := c.skip(); found != nil {
				return found
			}
			continue
		}
		schema := s.others
		if known != nil {
			schema = known.schema
			if known.place >= 0 {
				seen |= 1 << known.place
			}
		}
		c.path = append(c.path, string(name))
		if found := c.check(schema); found != nil {
			return found
		}
		c.path = c.path[:len(c.path)-1]
	}
	if _, err := c.decoder.ReadToken(); err != nil {
		return notJSON()
	}
	for place, name := range s.required {
		if seen&(1<<place) == 0 {
			c.path = append(c.path, name)
			return c.violation("required", "it is required")
		}
	}
	return nil
}

func (c *checker) list(s *Schema) *Violation {
	if _, err := c.decoder.ReadToken(); err != nil {
		return notJSON()
	}
	count := 0
	for ; c.decoder.PeekKind() != ']'; count++ {
		if s.maxItems != nil && count >= *s.maxItems {
			return c.violation("maxItems", fmt.Sprintf("it has more than %d items", *s.maxItems))
		}
		c.path = append(c.path, strconv.Itoa(count))
		if found := c.check(s.items); found != nil {
			return found
		}
		c.path = c.path[:len(c.path)-1]
	}
	if _, err := c.decoder.ReadToken(); err != nil {
		return notJSON()
	}
	if s.minItems != nil && count < *s.minItems {
		return c.violation("minItems", fmt.Sprintf("it has less than %d items", *s.minItems))
	}
	return nil
}

func (c *checker) text(s *Schema) *Violation {
	raw, err := c.decoder.ReadValue()
	if err != nil {
		return notJSON()
	}
	text, err := unquote(raw)
	if err != nil {
		return notJSON()
	}
	switch {
	case s.constant != nil && string(text) != *s.constant:
		return c.violation("const", fmt.Sprintf("it is not %q", *s.constant))
	case s.enum != nil && !s.enum[string(text)]:
		return c.violation("enum", "it is none of the values of the contract")
	case s.format == "date-time" && !isDateTime(text):
		return c.violation("format", "it is not a time such as 2026-01-31T13:30:00Z")
	case s.format == "uuid" && !isUUID(text):
		return c.violation("format", "it is not a UUID")
	case s.pattern != nil && !s.pattern.Matches(string(text)):
		return c.violation("pattern", "it does not match "+s.pattern.String())
	case s.minLength != nil && utf8.RuneCount(text) < *s.minLength:
		return c.violation("minLength", fmt.Sprintf("it has less than %d characters", *s.minLength))
	case s.maxLength != nil && utf8.RuneCount(text) > *s.maxLength:
		return c.violation("maxLength", fmt.Sprintf("it has more than %d characters", *s.maxLength))
	}
	return nil
}

// Whole numbers are within 53 bits, so that every language reads the same.
const largest = 1<<53 - 1

func (c *checker) number(s *Schema) *Violation {
	raw, err := c.decoder.ReadValue()
	if err != nil {
		return notJSON()
	}
	value, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return c.wrongType(numberWords[s.kind])
	}
	if s.kind == "integer" && (bytes.ContainsAny(raw, ".eE") || value > largest || value < -largest) {
		return c.wrongType(numberWords[s.kind])
	}
	if s.minimum != nil && value < *s.minimum {
		return c.violation("minimum", fmt.Sprintf("it is less than %v", *s.minimum))
	}
	if s.maximum != nil && value > *s.maximum {
		return c.violation("maximum", fmt.Sprintf("it is more than %v", *s.maximum))
	}
	return nil
}

func (c *checker) skip() *Violation {
	if err := c.decoder.SkipValue(); err != nil {
		return notJSON()
	}
	return nil
}

func (c *checker) wrongType(wanted string) *Violation {
	return c.violation("type", "it is not "+wanted)
}

func (c *checker) violation(rule, message string) *Violation {
	return &Violation{Path: c.pointer(), Rule: rule, Message: message}
}

var escapes = strings.NewReplacer("~", "~0", "/", "~1")

func (c *checker) pointer() string {
	var pointer strings.Builder
	for _, name := range c.path {
		pointer.WriteByte('/')
		pointer.WriteString(escapes.Replace(name))
	}
	return pointer.String()
}

func notJSON() *Violation {
	return &Violation{Rule: "type", Message: "it is not JSON"}
}

// unquote returns the text of a JSON string, without a copy where it holds no escapes.
func unquote(raw jsontext.Value) ([]byte, error) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1], nil
	}
	return jsontext.AppendUnquote(nil, raw)
}
