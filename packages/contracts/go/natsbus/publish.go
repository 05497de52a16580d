package natsbus

import (
	"context"
	"time"

	"github.com/nats-io/nats.go"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
)

// Sending says what there is to say about a message beside its data. The zero value is right for most.
type Sending struct {
	// ID is unique unless given. Whoever publishes the same again, gives the same: a stream keeps one of them.
	ID string
	// Time when it happened; now unless given.
	Time time.Time
}

// Publish publishes a message on the subject of its contract, and returns its id. Where a stream keeps the subject, it
// has it once this returns; elsewhere delivery is at most once, as with NATS itself. The message belongs to the trace
// of ctx. It returns a Problem for what breaks the contract.
func Publish[E contracts.Event](ctx context.Context, bus *Bus, data E, sending ...Sending) (string, error) {
	c := data.Contract()
	message, envelope, err := prepare(ctx, bus, data, sending)
	if err != nil {
		return "", err
	}
	message.Header.Set(nats.MsgIdHdr, envelope.ID)
	if c.NATS.Stream == "" {
		err = bus.conn.PublishMsg(message)
	} else {
		_, err = bus.stream.PublishMsg(ctx, message)
	}
	if err != nil {
		return "", err
	}
	bus.published.Add(1)
	return envelope.ID, nil
}

// prepare checks and encodes a message, and counts it where that fails.
func prepare[E contracts.Event](
	ctx context.Context, bus *Bus, data E, sending []Sending,
) (*nats.Msg, *contracts.Envelope, error) {
	envelope, err := encode(ctx, bus, data, sending)
	if err != nil {
		bus.refused.Add(1)
		return nil, nil, err
	}
	message := nats.NewMsg(data.Contract().NATS.Subject)
	message.Data = envelope.Payload
	for name, value := range envelope.Headers {
		message.Header[name] = []string{value}
	}
	return message, envelope, nil
}

func encode[E contracts.Event](
	ctx context.Context, bus *Bus, data E, sending []Sending,
) (*contracts.Envelope, error) {
	c := data.Contract()
	if c.NATS == nil {
		return nil, &contracts.Problem{Code: contracts.NoChannel, Contract: c.Name, Message: "it has no NATS subject"}
	}
	if err := c.RequirePublisher(bus.options.Role); err != nil {
		return nil, err
	}
	all := contracts.Sending{Role: bus.options.Role, Keys: bus.options.Keys}
	for _, one := range sending {
		all.ID, all.Time = one.ID, one.Time
	}
	return contracts.Encode(ctx, data, all)
}
