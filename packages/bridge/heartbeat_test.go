package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// schemaOfHeartbeats is what the contracts of this repository say.
func schemaOfHeartbeats(t *testing.T) *jsonschema.Schema {
	text, err := os.ReadFile("../../contracts/system.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Messages map[string]struct{ Schema any }
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	plain, err := json.Marshal(file.Messages["health-heartbeat"].Schema)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("heartbeat", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("heartbeat")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestHeartbeatsSatisfyTheirContract(t *testing.T) {
	schema := schemaOfHeartbeats(t)
	facts := []Facts{{Delivered: 3, InFlight: 1, Behind: 2, Dead: 1}, {Delivered: 4}}
	now := time.Date(2026, 11, 30, 12, 0, 30, 0, time.UTC)
	for level, status := range map[string]string{
		levelOK: "healthy", levelWarning: "degraded", levelFailed: "unhealthy",
	} {
		beat := heartbeatOf(Verdict{Level: level}, facts, now)
		if beat.Status != status {
			t.Errorf("%s: got %q, want %q", level, beat.Status, status)
		}
		for name, want := range map[string]float64{"delivered": 7, "waiting": 3, "dead_letters": 1} {
			if got := beat.Metrics[name]; got != want {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
		}
		message, err := messageOf(Heartbeats{Subject: "system.health.heartbeat", Event: "arc.system.health-heartbeat.v1"}, beat)
		if err != nil {
			t.Fatal(err)
		}
		body, err := jsonschema.UnmarshalJSON(bytes.NewReader(message.Data))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(body); err != nil {
			t.Errorf("%s breaks its contract: %v", message.Data, err)
		}
		if message.Header.Get("ce-type") != "arc.system.health-heartbeat.v1" || message.Header.Get("ce-id") == "" {
			t.Errorf("headers: %v", message.Header)
		}
	}
}
