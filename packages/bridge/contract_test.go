package main

import (
	"testing"
)

const turn = `{
  "type": "object",
  "required": ["user_id", "said"],
  "properties": {
    "user_id": {"type": "string", "minLength": 1},
    "said": {"type": "object", "properties": {"text": {"type": "string", "maxLength": 3}}},
    "turns": {"type": "array", "items": {"type": "object", "properties": {"text": {"type": "integer"}}}},
    "count": {"type": "integer"}
  },
  "additionalProperties": false
}`

func contractOf(t *testing.T, route Route) *Contract {
	t.Helper()
	route.Message = "turn"
	route.Schema = []byte(turn)
	contract, err := NewContract(route)
	if err != nil {
		t.Fatal(err)
	}
	return contract
}

func TestTheKeyIsTheValueOfTheField(t *testing.T) {
	for key, want := range map[string]string{"/user_id": "ada", "/said/text": "hey", "/count": "7", "/missing": "", "": ""} {
		got, violation := contractOf(t, Route{Key: key}).
			KeyOf([]byte(`{"user_id":"ada","said":{"text":"hey"},"count":7}`))
		if violation != nil || got != want {
			t.Errorf("%q: got %q and %v, want %q", key, got, violation, want)
		}
	}
}

func TestAViolationNamesTheFieldAndNoValue(t *testing.T) {
	for payload, want := range map[string]string{
		`{`:                        "it is not JSON",
		`{"user_id":"","said":{}}`: "/user_id: it breaks the schema's rule minLength",
		`{"user_id":"secret"}`:     "it breaks the schema's rule required",
		`{"user_id":"a","said":{"text":"secret"}}`:     "/said/text: it breaks the schema's rule maxLength",
		`{"user_id":"a","said":{},"count":"secret"}`:   "/count: it breaks the schema's rule type",
		`{"user_id":"a","said":{},"other":"secret"}`:   "it breaks the schema's rule additionalProperties",
		`{"user_id":"a","said":{},"turns":["secret"]}`: "/turns/0: it breaks the schema's rule type",
	} {
		_, violation := contractOf(t, Route{}).KeyOf([]byte(payload))
		if violation == nil || violation.Error() != want {
			t.Errorf("%s: got %v, want %q", payload, violation, want)
		}
	}
}

func TestAnEncryptedFieldMayHoldAnything(t *testing.T) {
	contract := contractOf(t, Route{Personal: []string{"/said/text", "/turns/*/text"}})
	payload := `{"user_id":"ada","said":{"text":"arc:sealed:v1:k:abc"},"turns":[{"text":"arc:sealed:v1:k:def"}]}`
	if _, violation := contract.KeyOf([]byte(payload)); violation != nil {
		t.Error(violation)
	}
	if _, violation := contract.KeyOf([]byte(`{"user_id":"","said":{"text":"arc:sealed:v1:k:abc"}}`)); violation == nil {
		t.Error("another field is still checked")
	}
}

func TestAKeyAlwaysHasTheSameLane(t *testing.T) {
	used := map[int]bool{}
	for index := range 100 {
		key := string(rune('a' + index))
		if laneOf(key, lanes) != laneOf(key, lanes) {
			t.Errorf("%s has two lanes", key)
		}
		used[laneOf(key, lanes)] = true
	}
	if len(used) != lanes {
		t.Errorf("%d of %d lanes are used", len(used), lanes)
	}
}
