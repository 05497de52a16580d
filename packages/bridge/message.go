package main

import (
	"context"
	"time"

	"github.com/nats-io/nats.go"
)

// Message is a message of a stream that the bridge has to deliver.
type Message interface {
	// Sequence is its place in the stream.
	Sequence() uint64
	// Delivery counts the deliveries of the consumer, of whatever message.
	Delivery() uint64
	Payload() []byte
	Headers() nats.Header
	// Done tells NATS that it is delivered, and returns once NATS knows.
	Done(ctx context.Context) error
	// Working tells NATS that it is still being delivered.
	Working() error
	// Release gives it back, to be delivered again immediately.
	Release() error
}

// Pending is what a consumer has delivered and nobody has acknowledged.
type Pending struct {
	Count int
	// Last is the highest sequence of the stream that was delivered.
	Last uint64
	// Delivery is the last delivery's number.
	Delivery uint64
	// Behind is how many messages were never delivered.
	Behind uint64
}

// Source is a durable consumer of a stream.
type Source interface {
	// Identity of the stream: another one of the same name has another.
	Identity() string
	Pending(ctx context.Context) (Pending, error)
	// Fetch returns what arrives within the time, at most count messages. None is not an error.
	Fetch(ctx context.Context, count int, wait time.Duration) ([]Message, error)
}

// Sink takes the messages of one lane, one after the other.
type Sink interface {
	// Send returns once Pulsar has the message, or with the reason why it does not.
	Send(ctx context.Context, outgoing Outgoing) error
	Close()
}

// Outgoing is a message as Pulsar gets it.
type Outgoing struct {
	Key        string
	Payload    []byte
	Properties map[string]string
	EventTime  time.Time
	// Sequence by which the broker knows a message that it has already.
	Sequence uint64
}
