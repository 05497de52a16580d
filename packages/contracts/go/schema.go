package contracts

import (
	"encoding/json"
	"fmt"
)

// Schema is the part of JSON Schema that contracts use.
type Schema struct {
	kind       string
	properties map[string]*property
	// required holds names; a property's place in it is what it marks as seen.
	required []string
	// others is nil where unknown properties are refused, and anything where their schema is.
	others    *Schema
	anyOthers bool
	items     *Schema
	minItems  *int
	maxItems  *int
	enum      map[string]bool
	constant  *string
	format    string
	pattern   *Pattern
	minLength *int
	maxLength *int
	minimum   *float64
	maximum   *float64
}

type property struct {
	schema *Schema
	// place in required; -1 for an optional one.
	place int
}

// UnmarshalJSON compiles a schema.
func (s *Schema) UnmarshalJSON(data []byte) error {
	var text struct {
		Type                 string             `json:"type"`
		Properties           map[string]*Schema `json:"properties"`
		Required             []string           `json:"required"`
		AdditionalProperties json.RawMessage    `json:"additionalProperties"`
		Items                *Schema            `json:"items"`
		MinItems             *int               `json:"minItems"`
		MaxItems             *int               `json:"maxItems"`
		Enum                 []string           `json:"enum"`
		Const                *string            `json:"const"`
		Format               string             `json:"format"`
		Pattern              *string            `json:"pattern"`
		MinLength            *int               `json:"minLength"`
		MaxLength            *int               `json:"maxLength"`
		Minimum              *float64           `json:"minimum"`
		Maximum              *float64           `json:"maximum"`
	}
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	*s = Schema{
		kind: text.Type, required: text.Required, items: text.Items, minItems: text.MinItems, maxItems: text.MaxItems,
		constant: text.Const, format: text.Format, minLength: text.MinLength, maxLength: text.MaxLength,
		minimum: text.Minimum, maximum: text.Maximum,
	}
	places := map[string]int{}
	for place, name := range text.Required {
		places[name] = place
	}
	s.properties = make(map[string]*property, len(text.Properties))
	for name, schema := range text.Properties {
		place, required := places[name]
		if !required {
			place = -1
		}
		s.properties[name] = &property{schema: schema, place: place}
	}
	if len(text.Required) > 64 {
		return fmt.Errorf("an object with more than 64 required properties")
	}
	if text.Enum != nil {
		s.enum = map[string]bool{}
		for _, value := range text.Enum {
			s.enum[value] = true
		}
	}
	if text.Pattern != nil {
		pattern, err := CompilePattern(*text.Pattern)
		if err != nil {
			return err
		}
		s.pattern = pattern
	}
	switch string(text.AdditionalProperties) {
	case "", "true":
		s.anyOthers = true
	case "false":
	default:
		s.others = &Schema{}
		return json.Unmarshal(text.AdditionalProperties, s.others)
	}
	return nil
}
