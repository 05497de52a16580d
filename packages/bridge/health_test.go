package main

import (
	"testing"
	"time"
)

func TestVerdicts(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 30, 0, time.UTC)
	long, short := now.Add(-time.Minute), now.Add(-time.Second)
	for name, test := range map[string]struct {
		facts     Facts
		connected bool
		want      string
	}{
		"all is delivered":         {Facts{Delivered: 12}, true, "ok: 12 delivered, 0 on their way"},
		"some are on their way":    {Facts{Delivered: 12, InFlight: 3, Since: short, Behind: 4}, true, "ok: 12 delivered, 7 on their way"},
		"NATS is away":             {Facts{Delivered: 12, SourceProblem: "no responders"}, false, "warning: NATS cannot be reached"},
		"Pulsar is away":           {Facts{InFlight: 3, Since: long, Behind: 4}, true, "warning: 7 wait for Pulsar, which cannot be reached"},
		"Pulsar is paused":         {Facts{InFlight: 3, Since: long}, true, "warning: 3 wait for Pulsar, which does not answer"},
		"Pulsar's disk is full":    {Facts{InFlight: 3, Since: long, Behind: 4, Fault: "500 Bookie handle is not available"}, true, "warning: 7 wait for Pulsar, which is not well: 500 Bookie handle is not available"},
		"Pulsar refuses a message": {Facts{InFlight: 1, Since: long, Problem: "IncompatibleSchema"}, true, "failed: 1 of turn wait: IncompatibleSchema"},
		"the consumer is missing":  {Facts{SourceProblem: "consumer not found"}, true, "failed: turn cannot be read: consumer not found"},
		"a dead letter":            {Facts{Delivered: 2, Dead: 1, LastDead: long, DeadWhy: "/count: it breaks the schema's rule type"}, true, "warning: 1 went to dead letters, the last of turn: /count: it breaks the schema's rule type; 2 delivered, 0 on their way"},
		"an old dead letter":       {Facts{Delivered: 2, Dead: 1, LastDead: now.Add(-2 * time.Hour)}, true, "ok: 2 delivered, 0 on their way"},
	} {
		test.facts.Message = "turn"
		verdict := judge([]Facts{test.facts}, test.connected, name != "Pulsar is away", now)
		if got := verdict.Level + ": " + verdict.Said; got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}
