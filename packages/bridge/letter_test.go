package main

import (
	"maps"
	"slices"
	"testing"

	"github.com/nats-io/nats.go"
)

// arrivedMessage has headers.
type arrivedMessage struct {
	worldMessage
	headers nats.Header
}

func (message *arrivedMessage) Headers() nats.Header { return message.headers }
func (message *arrivedMessage) Payload() []byte      { return []byte(`{"room":7}`) }

func TestADeadLetterHasTheFormOfThoseOfClients(t *testing.T) {
	route := Route{Stream: "agent-outbox", Subject: "agent.voice.turn", Dead: "agent.dead.agent.voice.turn"}
	violation := &Violation{Path: "/room", Reason: "it breaks the schema's rule type"}
	for name, test := range map[string]struct {
		headers nats.Header
		id      string
		kept    []string
	}{
		"of a message with an id": {
			nats.Header{
				"ce-id": {"7f"}, "traceparent": {"00-1-2-01"},
				"Nats-Msg-Id": {"7f"}, "Nats-Expected-Stream": {"agent-outbox"}, "nats-ttl": {"1h"},
			},
			"dead-bridge-7f", []string{"ce-id", "traceparent"},
		},
		"of a message without any": {nil, "dead-bridge-agent-outbox-12", nil},
	} {
		t.Run(name, func(t *testing.T) {
			letter := letterOf(route, &arrivedMessage{worldMessage{sequence: 12}, test.headers}, violation)
			if letter.Subject != route.Dead || string(letter.Data) != `{"room":7}` {
				t.Errorf("%s is on %s", letter.Data, letter.Subject)
			}
			wanted := map[string]string{
				"arc-dead-code": "invalid", "arc-dead-path": "/room", "arc-dead-role": "bridge",
				"arc-dead-subject": route.Subject, "Nats-Msg-Id": test.id,
			}
			for _, header := range test.kept {
				wanted[header] = test.headers[header][0]
			}
			got := map[string]string{}
			for header := range letter.Header {
				got[header] = letter.Header[header][0]
			}
			if !maps.Equal(got, wanted) {
				t.Errorf("got %v, want %v", got, wanted)
			}
			// What the server is told of the letter must not become a part of the message.
			if slices.Contains(test.headers["Nats-Msg-Id"], test.id) {
				t.Error("the message's own headers were changed")
			}
		})
	}
}
