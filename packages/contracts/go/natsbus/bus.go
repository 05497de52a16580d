// Package natsbus publishes, receives and asks over NATS, as contracts declare it.
package natsbus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
)

// Options of a connection.
type Options struct {
	// Role whose contracts it may use.
	Role string
	// URL of the server; NATS_URL unless given.
	URL string
	// SeedFile holds the nkey's seed of the role; NATS_SEED_FILE unless given, and none where neither is.
	SeedFile string
	// Keys of users, for messages with personal fields.
	Keys contracts.Keys
	// Report gets what went wrong beside any call: dead letters, refusals by the server, lost connections. Standard
	// error unless given.
	Report func(error)
}

// Counts says what became of messages since the connection was opened.
type Counts struct {
	Published, Refused, Received, Dead uint64
}

// Bus is a connection that speaks contracts.
type Bus struct {
	conn                               *nats.Conn
	stream                             jetstream.JetStream
	options                            Options
	closed                             chan struct{}
	mutex                              sync.Mutex
	open                               map[*Subscription]bool
	published, refused, received, dead atomic.Uint64
}

// Connect connects to NATS as a role, and stays connected: a lost connection is made again, for ever, and so is the
// first one, since the server may start later. It returns once connected, or when ctx ends.
func Connect(ctx context.Context, options Options) (*Bus, error) {
	if options.URL == "" {
		options.URL = os.Getenv("NATS_URL")
	}
	if options.SeedFile == "" {
		options.SeedFile = os.Getenv("NATS_SEED_FILE")
	}
	if options.Report == nil {
		options.Report = func(err error) { fmt.Fprintln(os.Stderr, err) }
	}
	connected := make(chan struct{}, 1)
	bus := &Bus{options: options, closed: make(chan struct{}), open: map[*Subscription]bool{}}
	settings := []nats.Option{
		nats.Name(options.Role),
		nats.CustomInboxPrefix(InboxOf(options.Role)),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.RetryOnFailedConnect(true),
		nats.IgnoreAuthErrorAbort(),
		nats.ConnectHandler(func(*nats.Conn) { connected <- struct{}{} }),
		nats.ClosedHandler(func(*nats.Conn) { close(bus.closed) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { options.Report(err) }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				options.Report(fmt.Errorf("the connection to NATS is lost: %w", err))
			}
		}),
	}
	if options.SeedFile != "" {
		seed, err := nats.NkeyOptionFromSeed(options.SeedFile)
		if err != nil {
			return nil, fmt.Errorf("the seed in %s cannot be used: %w", options.SeedFile, err)
		}
		settings = append(settings, seed)
	}
	conn, err := nats.Connect(options.URL, settings...)
	if err != nil {
		return nil, err
	}
	select {
	case <-connected:
	case <-ctx.Done():
		conn.Close()
		return nil, errors.Join(ctx.Err(), conn.LastError())
	}
	stream, err := jetstream.New(conn)
	if err != nil {
		conn.Close()
		return nil, err
	}
	bus.conn, bus.stream = conn, stream
	return bus, nil
}

// InboxOf says where answers to a role arrive. Nobody else may listen there.
func InboxOf(role string) string { return "_INBOX_" + role }

// Conn is the connection itself.
func (b *Bus) Conn() *nats.Conn { return b.conn }

// Stream is JetStream on the connection.
func (b *Bus) Stream() jetstream.JetStream { return b.stream }

// Counts returns what became of messages.
func (b *Bus) Counts() Counts {
	return Counts{b.published.Load(), b.refused.Load(), b.received.Load(), b.dead.Load()}
}

// Drain handles what has arrived, sends what is still to be sent, and leaves. It returns when that is done.
func (b *Bus) Drain() error {
	b.mutex.Lock()
	open := slices.Collect(maps.Keys(b.open))
	b.mutex.Unlock()
	for _, subscription := range open {
		if err := subscription.Drain(); err != nil {
			return err
		}
	}
	if err := b.conn.Drain(); err != nil {
		return err
	}
	<-b.closed
	return nil
}
