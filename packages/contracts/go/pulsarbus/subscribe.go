package pulsarbus

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/apache/pulsar-client-go/pulsar"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
)

// Handle is the program's own code for a message. Its context carries the trace of the message.
type Handle[E contracts.Event] func(ctx context.Context, message *contracts.Received[E]) error

// Subscription ends with Drain.
type Subscription struct {
	bus      *Bus
	consumer pulsar.Consumer
	cancel   context.CancelFunc
	done     chan struct{}
	once     sync.Once
}

// Drain ends the subscription, and returns when the message that is being handled is done with. Others are not
// acknowledged, so whoever comes next gets them.
func (s *Subscription) Drain() {
	s.once.Do(func() {
		s.cancel()
		<-s.done
		s.consumer.Close()
		s.bus.mutex.Lock()
		defer s.bus.mutex.Unlock()
		delete(s.bus.open, s)
	})
}

// redelivery is how long a message waits that could not be read or handled.
const redelivery = time.Second

// Subscribe receives the messages of a contract's topic, one after the other, by this role's subscription, or by the
// one that is named where it has several. A message is acknowledged once handle has returned. What breaks the contract,
// and what handle fails on, is delivered again, and becomes a dead letter where the contract says when.
func Subscribe[E contracts.Event](bus *Bus, handle Handle[E], named ...string) (*Subscription, error) {
	c := contracts.Of[E]()
	chosen, err := bus.subscriptionOf(c, named)
	if err != nil {
		return nil, err
	}
	options := pulsar.ConsumerOptions{
		Topic:                       c.Pulsar.URL,
		SubscriptionName:            chosen.Name,
		Type:                        types[chosen.Type],
		SubscriptionInitialPosition: starts[chosen.From],
		Schema:                      schemaOf(c),
		NackRedeliveryDelay:         redelivery,
	}
	if chosen.Dead != "" {
		// The first delivery is not a redelivery.
		options.DLQ = &pulsar.DLQPolicy{MaxDeliveries: chosen.After + 1, DeadLetterTopic: chosen.Dead}
	}
	consumer, err := bus.client.Subscribe(options)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	subscription := &Subscription{bus: bus, consumer: consumer, cancel: cancel, done: make(chan struct{})}
	bus.mutex.Lock()
	bus.open[subscription] = true
	bus.mutex.Unlock()
	go func() {
		defer close(subscription.done)
		for ctx.Err() == nil {
			message, err := consumer.Receive(ctx)
			if err != nil {
				if ctx.Err() == nil {
					bus.options.Report(err)
					time.Sleep(redelivery)
				}
				continue
			}
			bus.received.Add(1)
			if err := receive(bus, message, handle); err != nil {
				bus.failed.Add(1)
				bus.options.Report(contracts.AsProblem(c.Name, err))
				consumer.Nack(message)
			} else if err := consumer.Ack(message); err != nil {
				bus.options.Report(fmt.Errorf("%s could not be acknowledged: %w", c.Name, err))
			}
		}
	}()
	return subscription, nil
}

func receive[E contracts.Event](bus *Bus, message pulsar.Message, handle Handle[E]) error {
	properties := message.Properties()
	header := func(name string) string { return properties[name] }
	received, err := contracts.Decode[E](context.Background(), message.Payload(), header, bus.options.Keys)
	if err != nil {
		return err
	}
	return handle(contracts.WithTrace(context.Background(), received.Trace), received)
}

func (b *Bus) subscriptionOf(c *contracts.Contract, named []string) (*contracts.Subscription, error) {
	if c.Pulsar == nil {
		return nil, &contracts.Problem{Code: contracts.NoChannel, Contract: c.Name, Message: "it has no Pulsar topic"}
	}
	role := b.options.Role
	at := slices.IndexFunc(c.Pulsar.Subscriptions, func(one contracts.Subscription) bool {
		return one.Role == role && (len(named) == 0 || slices.Contains(named, one.Name))
	})
	if at < 0 {
		return nil, &contracts.Problem{
			Code: contracts.NotASubscriber, Contract: c.Name, Message: fmt.Sprintf("%s does not subscribe to it", role),
		}
	}
	return &c.Pulsar.Subscriptions[at], nil
}

var types = map[string]pulsar.SubscriptionType{
	"exclusive":  pulsar.Exclusive,
	"failover":   pulsar.Failover,
	"shared":     pulsar.Shared,
	"key_shared": pulsar.KeyShared,
}

var starts = map[string]pulsar.SubscriptionInitialPosition{
	"earliest": pulsar.SubscriptionPositionEarliest,
	"latest":   pulsar.SubscriptionPositionLatest,
}
