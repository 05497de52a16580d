// Package pulsarbus publishes and receives over Pulsar, as contracts declare it.
package pulsarbus

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"github.com/apache/pulsar-client-go/pulsar"
	"github.com/apache/pulsar-client-go/pulsar/log"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
)

// Options of a connection.
type Options struct {
	// Role whose contracts it may use.
	Role string
	// URL of the broker; PULSAR_URL unless given.
	URL string
	// Keys of users, for messages with personal fields.
	Keys contracts.Keys
	// Report gets what went wrong beside any call. Standard error unless given.
	Report func(error)
}

// Counts says what became of messages since the connection was opened. Failed ones arrived, and could not be read or
// handled: they are delivered again, and become dead letters where their contract says when.
type Counts struct {
	Published, Refused, Received, Failed uint64
}

// Bus is a connection that speaks contracts.
type Bus struct {
	client                               pulsar.Client
	options                              Options
	mutex                                sync.Mutex
	producers                            map[string]pulsar.Producer
	open                                 map[*Subscription]bool
	published, refused, received, failed atomic.Uint64
}

// Connect connects to Pulsar as a role. A lost connection is made again, for ever.
func Connect(options Options) (*Bus, error) {
	if options.URL == "" {
		options.URL = os.Getenv("PULSAR_URL")
	}
	if options.Report == nil {
		options.Report = func(err error) { fmt.Fprintln(os.Stderr, err) }
	}
	client, err := pulsar.NewClient(pulsar.ClientOptions{
		URL: options.URL,
		// What it writes of its own is for its developers; calls and Report say what matters.
		Logger: log.DefaultNopLogger(),
	})
	if err != nil {
		return nil, err
	}
	return &Bus{
		client: client, options: options, producers: map[string]pulsar.Producer{}, open: map[*Subscription]bool{},
	}, nil
}

// Client is the connection itself.
func (b *Bus) Client() pulsar.Client { return b.client }

// Counts returns what became of messages.
func (b *Bus) Counts() Counts {
	return Counts{b.published.Load(), b.refused.Load(), b.received.Load(), b.failed.Load()}
}

// Drain handles what has arrived, and leaves once Pulsar keeps what was published.
func (b *Bus) Drain() error {
	b.mutex.Lock()
	open := make([]*Subscription, 0, len(b.open))
	for subscription := range b.open {
		open = append(open, subscription)
	}
	b.mutex.Unlock()
	for _, subscription := range open {
		subscription.Drain()
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for _, producer := range b.producers {
		if err := producer.Flush(); err != nil {
			return err
		}
		producer.Close()
	}
	b.client.Close()
	return nil
}
