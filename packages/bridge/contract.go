package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Contract checks messages of one route, and finds the key of each.
type Contract struct {
	schema *jsonschema.Schema
	key    []string
}

// Violation says why a message is not what its contract says. It holds no value of the message.
type Violation struct {
	// Path is the JSON pointer of the field; empty for the whole message.
	Path   string
	Reason string
}

func (violation *Violation) Error() string {
	if violation.Path == "" {
		return violation.Reason
	}
	return violation.Path + ": " + violation.Reason
}

// NewContract compiles the schema of a route. Fields that arrive encrypted may hold anything.
func NewContract(route Route) (*Contract, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(route.Schema))
	if err != nil {
		return nil, fmt.Errorf("the schema of %s is not JSON: %w", route.Message, err)
	}
	for _, pointer := range route.Personal {
		document = loosen(document, tokens(pointer))
	}
	compiler := jsonschema.NewCompiler()
	name := "arc:" + route.Message
	if err := compiler.AddResource(name, document); err != nil {
		return nil, err
	}
	schema, err := compiler.Compile(name)
	if err != nil {
		return nil, fmt.Errorf("the schema of %s: %w", route.Message, err)
	}
	return &Contract{schema: schema, key: tokens(route.Key)}, nil
}

// KeyOf checks a message and returns its key; empty where the contract or the message has none.
func (contract *Contract) KeyOf(payload []byte) (string, *Violation) {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(payload))
	if err != nil {
		return "", &Violation{Reason: "it is not JSON"}
	}
	if err := contract.schema.Validate(value); err != nil {
		return "", violationOf(err)
	}
	if len(contract.key) == 0 {
		return "", nil
	}
	at := value
	for _, token := range contract.key {
		at = child(at, token)
	}
	switch key := at.(type) {
	case string:
		return key, nil
	case json.Number:
		return key.String(), nil
	default:
		// The field is optional: a webhook about an egress names no room.
		return "", nil
	}
}

// laneOf spreads keys over lanes; messages of one key always share one.
func laneOf(key string, lanes int) int {
	hash := fnv.New32a()
	hash.Write([]byte(key))
	return int(hash.Sum32() % uint32(lanes))
}

// violationOf names the innermost place that a schema was broken at, and the keyword, but no value.
func violationOf(err error) *Violation {
	validation, ok := err.(*jsonschema.ValidationError)
	if !ok {
		return &Violation{Reason: err.Error()}
	}
	for len(validation.Causes) > 0 {
		validation = validation.Causes[0]
	}
	path := ""
	for _, token := range validation.InstanceLocation {
		path += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
	}
	rule := strings.Join(validation.ErrorKind.KeywordPath(), "/")
	return &Violation{Path: path, Reason: "it breaks the schema's rule " + rule}
}

// loosen replaces the schema of one field by one that anything satisfies.
func loosen(schema any, pointer []string) any {
	object, ok := schema.(map[string]any)
	if !ok || len(pointer) == 0 {
		return true
	}
	if pointer[0] == "*" {
		object["items"] = loosen(object["items"], pointer[1:])
		return object
	}
	if properties, ok := object["properties"].(map[string]any); ok {
		if inner, ok := properties[pointer[0]]; ok {
			properties[pointer[0]] = loosen(inner, pointer[1:])
		}
	}
	return object
}

func tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for index, part := range parts {
		parts[index] = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
	}
	return parts
}

func child(value any, token string) any {
	switch parent := value.(type) {
	case map[string]any:
		return parent[token]
	case []any:
		if index, err := strconv.Atoi(token); err == nil && index >= 0 && index < len(parent) {
			return parent[index]
		}
	}
	return nil
}
