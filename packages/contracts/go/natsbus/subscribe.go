package natsbus

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
)

// subscribeTimeout is how long the server may take to know of a subscription.
const subscribeTimeout = 5 * time.Second

// Handle is the program's own code for a message. Its context carries the trace of the message.
type Handle[E contracts.Event] func(ctx context.Context, message *contracts.Received[E]) error

// Subscription ends with Drain: what has arrived is still handled.
type Subscription struct {
	bus   *Bus
	drain func() error
	done  <-chan struct{}
	// answers that are still worked on
	answers sync.WaitGroup
	once    sync.Once
	err     error
}

// Drain ends the subscription, and returns when what had arrived is handled.
func (s *Subscription) Drain() error {
	s.once.Do(func() {
		if s.err = s.drain(); s.err != nil {
			return
		}
		<-s.done
		s.answers.Wait()
		s.bus.mutex.Lock()
		defer s.bus.mutex.Unlock()
		delete(s.bus.open, s)
	})
	return s.err
}

// track makes the bus drain a subscription before it leaves.
func (b *Bus) track(subscription *Subscription) *Subscription {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.open[subscription] = true
	return subscription
}

// Subscribe receives the messages of a contract, one after the other, in the queue group that the contract gives this
// role. What breaks the contract, and what handle fails on, goes to the dead-letter subject.
func Subscribe[E contracts.Event](bus *Bus, handle Handle[E]) (*Subscription, error) {
	c := contracts.Of[E]()
	subscriber, err := bus.subscriberOf(c)
	if err != nil {
		return nil, err
	}
	return bus.listen(c.NATS.Subject, subscriber.Queue, func(_ *Subscription, message *nats.Msg) {
		bus.received.Add(1)
		if err := receive(bus, message.Data, message.Header, handle); err != nil {
			bus.putAside(c, message, err)
		}
	})
}

func (b *Bus) subscriberOf(c *contracts.Contract) (*contracts.Subscriber, error) {
	if c.NATS == nil {
		return nil, &contracts.Problem{Code: contracts.NoChannel, Contract: c.Name, Message: "it has no NATS subject"}
	}
	role := b.options.Role
	at := slices.IndexFunc(c.Subscribers, func(one contracts.Subscriber) bool { return one.Role == role })
	if at < 0 {
		return nil, &contracts.Problem{
			Code: contracts.NotASubscriber, Contract: c.Name, Message: fmt.Sprintf("%s does not subscribe to it", role),
		}
	}
	return &c.Subscribers[at], nil
}

// listen subscribes, with a subscription that knows when its last message is handled.
func (b *Bus) listen(
	subject, queue string, handle func(*Subscription, *nats.Msg),
) (*Subscription, error) {
	listening := &Subscription{bus: b}
	subscription, err := b.conn.QueueSubscribe(subject, queue, func(message *nats.Msg) { handle(listening, message) })
	if err != nil {
		return nil, err
	}
	// Until the server knows of it, a message would pass it by. While there is no connection, the next one brings it along.
	if b.conn.IsConnected() {
		if err := b.conn.FlushTimeout(subscribeTimeout); err != nil {
			_ = subscription.Unsubscribe()
			return nil, fmt.Errorf("subscribe to %s: %w", subject, err)
		}
	}
	done := make(chan struct{})
	var once sync.Once
	subscription.SetClosedHandler(func(string) { once.Do(func() { close(done) }) })
	listening.drain, listening.done = subscription.Drain, done
	return b.track(listening), nil
}

// receive decodes a message and hands it to the program.
func receive[E contracts.Event](bus *Bus, payload []byte, header nats.Header, handle Handle[E]) error {
	ctx := context.Background()
	message, err := contracts.Decode[E](ctx, payload, first(header), bus.options.Keys)
	if err != nil {
		return err
	}
	return handle(contracts.WithTrace(ctx, message.Trace), message)
}

func first(header nats.Header) func(string) string {
	return func(name string) string { return header.Get(name) }
}
