package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

func TestMain(tests *testing.M) {
	firstPause, longestPause = time.Microsecond, time.Millisecond
	gatherFor, longestRetry = time.Millisecond, time.Millisecond
	os.Exit(tests.Run())
}

var errAway = errors.New("away")

// world is a stream with a consumer, and a topic with deduplication. It behaves as NATS and Pulsar do, and fails as
// often as it is told.
type world struct {
	mutex  sync.Mutex
	random *rand.Rand
	// trouble is the chance of each fault.
	trouble float64

	keys []string
	// next is the next message that was never delivered, by its index.
	next     int
	delivery uint64
	// pending are deliveries that nobody has acknowledged, with the age of each in fetches.
	pending map[uint64]int
	limit   int

	// last is the highest sequence of each producer, by which the topic drops repetitions.
	last  map[string]uint64
	topic []uint64
}

func newWorld(seed uint64, messages, limit int, trouble float64) *world {
	random := rand.New(rand.NewPCG(seed, 1))
	keys := make([]string, messages)
	for index := range keys {
		keys[index] = fmt.Sprintf("room-%d", random.IntN(5))
	}
	return &world{
		random: random, trouble: trouble, keys: keys, limit: limit,
		pending: map[uint64]int{}, last: map[string]uint64{},
	}
}

func (world *world) fails() bool { return world.random.Float64() < world.trouble }

// redeliveredAfter is NATS' wait for an acknowledgement, in fetches.
const redeliveredAfter = 3

func (world *world) Identity() string { return "stream@1" }

func (world *world) Pending(context.Context) (Pending, error) {
	world.mutex.Lock()
	defer world.mutex.Unlock()
	if world.fails() {
		return Pending{}, errAway
	}
	return Pending{
		Count: len(world.pending), Last: uint64(world.next), Delivery: world.delivery,
		Behind: uint64(len(world.keys) - world.next),
	}, nil
}

func (world *world) Fetch(_ context.Context, count int, _ time.Duration) ([]Message, error) {
	world.mutex.Lock()
	defer world.mutex.Unlock()
	if world.fails() {
		return nil, errAway
	}
	var sequences []uint64
	for sequence := range world.pending {
		world.pending[sequence]++
		if world.pending[sequence] >= redeliveredAfter {
			sequences = append(sequences, sequence)
		}
	}
	slices.Sort(sequences)
	for world.next < len(world.keys) && len(world.pending) < world.limit && len(sequences) < count {
		world.next++
		world.pending[uint64(world.next)] = 0
		sequences = append(sequences, uint64(world.next))
	}
	var messages []Message
	for _, sequence := range sequences {
		world.delivery++
		world.pending[sequence] = 0
		// What is lost on its way counts as delivered.
		if !world.fails() {
			messages = append(messages, &worldMessage{world: world, sequence: sequence, delivery: world.delivery})
		}
	}
	return messages, nil
}

type worldMessage struct {
	world              *world
	sequence, delivery uint64
}

func (message *worldMessage) Sequence() uint64 { return message.sequence }
func (message *worldMessage) Delivery() uint64 { return message.delivery }
func (message *worldMessage) Payload() []byte {
	return fmt.Appendf(nil, `{"room":%q}`, message.world.keys[message.sequence-1])
}
func (message *worldMessage) Headers() nats.Header { return nats.Header{} }
func (message *worldMessage) Release() error       { return nil }

func (message *worldMessage) Done(context.Context) error {
	message.world.mutex.Lock()
	defer message.world.mutex.Unlock()
	if message.world.fails() {
		return errAway
	}
	delete(message.world.pending, message.sequence)
	return nil
}

func (message *worldMessage) Working() error {
	message.world.mutex.Lock()
	defer message.world.mutex.Unlock()
	if _, ok := message.world.pending[message.sequence]; ok && !message.world.fails() {
		message.world.pending[message.sequence] = 0
	}
	return nil
}

// tracedMessage belongs to a trace.
type tracedMessage struct {
	*worldMessage
	traceparent string
}

func (message *tracedMessage) Headers() nats.Header {
	return nats.Header{"traceparent": {message.traceparent}}
}

type worldSink struct {
	world *world
	name  string
}

func (sink *worldSink) Close() {}

func (sink *worldSink) Send(_ context.Context, outgoing Outgoing) error {
	sink.world.mutex.Lock()
	defer sink.world.mutex.Unlock()
	if sink.world.fails() {
		return errAway
	}
	if outgoing.Sequence > sink.world.last[sink.name] {
		sink.world.last[sink.name] = outgoing.Sequence
		sink.world.topic = append(sink.world.topic, outgoing.Sequence)
	}
	// The topic has it, and the answer is lost.
	if sink.world.fails() {
		return errAway
	}
	return nil
}

// rest says how much is not delivered and acknowledged.
func (world *world) rest() int {
	world.mutex.Lock()
	defer world.mutex.Unlock()
	return len(world.keys) - world.next + len(world.pending)
}

func (world *world) bridge(t *testing.T) *bridge {
	route := Route{
		Message: "webhook", Stream: "stream", Key: "/room", MaxPending: world.limit,
		Schema: []byte(`{"type":"object","required":["room"],"properties":{"room":{"type":"string"}}}`),
	}
	contract, err := NewContract(route)
	if err != nil {
		t.Fatal(err)
	}
	return &bridge{
		route: route, contract: contract, state: newState(route.Message),
		openSource: func(context.Context) (Source, time.Duration, error) { return world, time.Hour, nil },
		openSink: func(identity string, lane int) (Sink, error) {
			return &worldSink{world: world, name: producerName(route, identity, lane)}, nil
		},
		bury: func(context.Context, job) error { return errors.New("nothing breaks its schema here") },
	}
}
