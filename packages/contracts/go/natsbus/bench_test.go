package natsbus

import (
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// subjects of the bench, each with a subscriber that has a connection of its own.
	subjects = 1000
	// publishers have a connection each and share the subjects. A connection of NATS 2.15 remembers its rights for 128
	// subjects (maxPermCacheSize in server/client.go), which is more than any service of the contracts publishes; one that
	// publishes 1,000 in turn costs the server about half as much again.
	publishers = 10
	// pace of the messages whose latency is measured, a second.
	pace = 10_000
	// size of a message, in bytes: what `nats bench` sends unless told.
	size = 128
	// deliveredWithin is how long the last message may take: more is a lost one.
	deliveredWithin = 30 * time.Second
)

// BenchmarkNATS publishes to 1,000 subjects, each with one subscriber on a connection of its own, and counts until
// every message has arrived:
//
//	NATS_URL=nats://… NATS_SUBJECT=load.bench.s%d NATS_PUBLISHER=<seed file> NATS_OBSERVER=<seed file> \
//	  NATS_WITHOUT=<seed file> go test -run '^$' -bench NATS -benchtime 200000x ./natsbus
//
// "with" publishes with a key whose rights name each of the subjects, and subscribes with that of an observer of their
// domain; "without" does both with a key that may do everything. "paced" sends 10,000 messages a second with rights, and reports the 99th percentile of the time from the
// call that publishes to the subscriber's. `nats bench` cannot do this: its subscribers share one subject or hear
// all of them, and it measures no latency.
func BenchmarkNATS(b *testing.B) {
	load := load{url: os.Getenv("NATS_URL"), subject: os.Getenv("NATS_SUBJECT")}
	if load.url == "" || load.subject == "" {
		b.Skip("NATS_URL and NATS_SUBJECT name no NATS")
	}
	with := keys{publisher: os.Getenv("NATS_PUBLISHER"), observer: os.Getenv("NATS_OBSERVER")}
	without := keys{publisher: os.Getenv("NATS_WITHOUT"), observer: os.Getenv("NATS_WITHOUT")}
	b.Run("with", func(b *testing.B) { load.run(b, with, 0) })
	b.Run("without", func(b *testing.B) { load.run(b, without, 0) })
	b.Run("paced", func(b *testing.B) {
		latencies := load.run(b, with, pace)
		slices.Sort(latencies)
		b.ReportMetric(float64(latencies[len(latencies)*99/100])/1e6, "p99-ms")
	})
}

// keys are files with seeds.
type keys struct{ publisher, observer string }

// load is where messages go.
type load struct{ url, subject string }

// run publishes b.N messages, as fast as it can or at the given pace a second, and returns how long each took.
func (load load) run(b *testing.B, keys keys, pace int) []int64 {
	latencies := make([]int64, b.N)
	var arrived atomic.Int64
	all := make(chan struct{})
	began := time.Now()
	hear := func(message *nats.Msg) {
		sent := int64(binary.LittleEndian.Uint64(message.Data))
		place := arrived.Add(1)
		latencies[place-1] = time.Since(began).Nanoseconds() - sent
		if place == int64(b.N) {
			close(all)
		}
	}
	var refused atomic.Value
	closeAll := load.subscribe(b, keys.observer, hear, &refused)
	defer closeAll()
	senders := make([]*nats.Conn, publishers)
	for index := range senders {
		sender, err := load.connect(keys.publisher, &refused)
		if err != nil {
			b.Fatal(err)
		}
		defer sender.Close()
		senders[index] = sender
	}
	flush := func() {
		for _, sender := range senders {
			if err := sender.Flush(); err != nil {
				b.Fatal(err)
			}
		}
	}
	names := make([]string, subjects)
	for index := range names {
		names[index] = fmt.Sprintf(load.subject, index)
	}
	body := make([]byte, size)
	b.ResetTimer()
	start := time.Now()
	for sent := range b.N {
		if pace > 0 && sent%(pace/1000) == 0 {
			due := start.Add(time.Duration(sent) * time.Second / time.Duration(pace))
			time.Sleep(time.Until(due))
		}
		binary.LittleEndian.PutUint64(body, uint64(time.Since(began).Nanoseconds()))
		subject := sent % subjects
		if err := senders[subject%publishers].Publish(names[subject], body); err != nil {
			b.Fatal(err)
		}
	}
	flush()
	select {
	case <-all:
	case <-time.After(deliveredWithin):
		b.Fatalf("%d of %d messages arrived; the server refused: %v", arrived.Load(), b.N, refused.Load())
	}
	b.StopTimer()
	return latencies
}

// subscribe connects a subscriber to each subject, and returns once the server has all of them.
func (load load) subscribe(b *testing.B, seed string, hear nats.MsgHandler, refused *atomic.Value) func() {
	connections := make([]*nats.Conn, subjects)
	var work sync.WaitGroup
	var failed sync.Once
	// As many at once as a server with few cores answers in time.
	slots := make(chan struct{}, 32)
	for index := range connections {
		work.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			connection, err := load.connect(seed, refused)
			if err == nil {
				connections[index] = connection
				_, err = connection.Subscribe(fmt.Sprintf(load.subject, index), hear)
			}
			if err == nil {
				err = connection.Flush()
			}
			if err != nil {
				failed.Do(func() { b.Error(err) })
			}
		})
	}
	work.Wait()
	if b.Failed() {
		b.FailNow()
	}
	return func() {
		for _, connection := range connections {
			connection.Close()
		}
	}
}

func (load load) connect(seed string, refused *atomic.Value) (*nats.Conn, error) {
	key, err := nats.NkeyOptionFromSeed(seed)
	if err != nil {
		return nil, err
	}
	return nats.Connect(load.url, key, nats.Timeout(10*time.Second),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused.Store(err.Error()) }))
}
