package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// role is who the bridge is to contracts.
const role = "bridge"

// putAside publishes the dead letter of a message, and returns once a stream has it.
func putAside(ctx context.Context, js jetstream.JetStream, route Route, message Message, violation *Violation) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	_, err := js.PublishMsg(ctx, letterOf(route, message, violation))
	return err
}

// letterOf is the dead letter of a message: its bytes and headers as they arrived, with the reason beside them, in the
// form that the clients of contracts give theirs.
func letterOf(route Route, message Message, violation *Violation) *nats.Msg {
	letter := nats.NewMsg(route.Dead)
	letter.Data = message.Payload()
	for name, values := range message.Headers() {
		// What tells a server what to do with a message, was said of the message and not of the letter.
		if !strings.HasPrefix(strings.ToLower(name), "nats-") {
			letter.Header[name] = values
		}
	}
	letter.Header.Set("arc-dead-code", "invalid")
	letter.Header.Set("arc-dead-path", violation.Path)
	letter.Header.Set("arc-dead-role", role)
	letter.Header.Set("arc-dead-subject", route.Subject)
	id := message.Headers().Get("ce-id")
	if id == "" {
		id = fmt.Sprintf("%s-%d", route.Stream, message.Sequence())
	}
	// By it a stream recognises the letter that the bridge sends twice, and tells it from those of other roles.
	letter.Header.Set(jetstream.MsgIDHeader, "dead-"+role+"-"+id)
	return letter
}
