package natsbus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
)

const (
	// askTime is how long one question for the next message lasts.
	askTime = 5 * time.Second
	// askPause follows a question that failed: the server or the consumer is away, and may come back.
	askPause = 250 * time.Millisecond
)

// Consume receives the messages of a contract from the stream that keeps them, by this role's durable consumer: each
// at least once, one after the other, also those that were published while this program was away. A message is
// acknowledged once handle has returned. What handle fails on is delivered again after a pause, up to the deliveries
// that the contract allows. What fails then, and what breaks the contract, is a dead letter: it leaves the stream once
// another stream has it, and comes again until then.
func Consume[E contracts.Event](ctx context.Context, bus *Bus, handle Handle[E]) (*Subscription, error) {
	c := contracts.Of[E]()
	subscriber, err := bus.subscriberOf(c)
	if err != nil {
		return nil, err
	}
	if c.NATS.Stream == "" || subscriber.Durable == "" {
		return nil, &contracts.Problem{
			Code: contracts.NoChannel, Contract: c.Name,
			Message: fmt.Sprintf("%s has no durable consumer of it", bus.options.Role),
		}
	}
	consumer, err := bus.stream.Consumer(ctx, c.NATS.Stream, subscriber.Durable)
	if err != nil {
		return nil, err
	}
	verdicts := verdict{bus: bus, contract: c, last: subscriber.Deliveries, ackWait: consumer.CachedInfo().Config.AckWait}
	asking, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		bus.takeAll(asking, consumer, func(message jetstream.Msg) error { return settle(verdicts, message, handle) })
	}()
	drain := func() error { end(); return nil }
	return bus.track(&Subscription{bus: bus, drain: drain, done: done}), nil
}

// takeAll takes one message after the other, until ctx ends. More would wait here until the server takes them for lost.
func (b *Bus) takeAll(ctx context.Context, consumer jetstream.Consumer, take func(jetstream.Msg) error) {
	reported := ""
	for ctx.Err() == nil && !b.conn.IsClosed() {
		err := b.takeOne(ctx, consumer, take)
		switch {
		case err == nil:
			reported = ""
		case ctx.Err() == nil:
			// The same again says nothing new.
			if err.Error() != reported {
				b.options.Report(err)
			}
			reported = err.Error()
			time.Sleep(askPause)
		}
	}
}

func (b *Bus) takeOne(ctx context.Context, consumer jetstream.Consumer, take func(jetstream.Msg) error) error {
	asking, end := context.WithTimeout(ctx, askTime)
	defer end()
	message, err := consumer.Next(jetstream.FetchContext(asking))
	if errors.Is(err, nats.ErrTimeout) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	if err != nil {
		return err
	}
	return take(message)
}
