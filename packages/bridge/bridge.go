package main

import (
	"context"
	"strconv"
	"sync"
	"time"
)

// bridge moves the messages of one route.
type bridge struct {
	route    Route
	contract *Contract
	state    *State
	// openSource finds the consumer, and says how long NATS waits for an acknowledgement.
	openSource func(ctx context.Context) (Source, time.Duration, error)
	openSink   func(identity string, lane int) (Sink, error)
	bury       func(ctx context.Context, job job) error
	// spans is nil where nobody takes them.
	spans *Outbox
}

// run moves messages until the context ends. Then it gives back what Pulsar has not acknowledged.
func (bridge *bridge) run(ctx context.Context) {
	flight := bridge.state.flight
	reader := &reader{
		flight:   flight,
		limit:    bridge.route.MaxPending,
		repeated: func() { bridge.state.change(func(facts *Facts) { facts.Repeated++ }) },
	}
	var work sync.WaitGroup
	all := make([]*lane, lanes)
	for number := range all {
		all[number] = bridge.lane(number, flight)
		work.Go(func() { all[number].run(ctx) })
	}
	var identity string
	reader.hand = func(message Message) {
		job := bridge.jobOf(message, identity)
		all[laneOf(job.outgoing.Key, lanes)].jobs <- job
	}
	for pause := firstPause; ctx.Err() == nil; pause = min(pause*2, longestPause) {
		err := bridge.read(ctx, reader, &identity, func() { pause = firstPause })
		if ctx.Err() != nil {
			break
		}
		bridge.state.change(func(facts *Facts) { facts.SourceProblem = err.Error() })
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	work.Wait()
	for _, message := range flight.all() {
		_ = message.Release()
	}
}

// read opens the source, and reads until it fails.
func (bridge *bridge) read(ctx context.Context, reader *reader, identity *string, opened func()) error {
	source, ackWait, err := bridge.openSource(ctx)
	if err != nil {
		return err
	}
	if source.Identity() != *identity {
		// What is in flight is of the old stream, and its lanes finish it; the new one counts from 1.
		if err := reader.flight.waitForRoom(ctx, 1); err != nil {
			return err
		}
		reader.handed, reader.next, *identity = 0, 0, source.Identity()
	}
	opened()
	bridge.state.change(func(facts *Facts) { facts.SourceProblem = "" })
	reader.source = source
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go bridge.keepAlive(ctx, reader.flight, source, ackWait)
	return reader.run(ctx)
}

// lookEvery is how old the count of what is left may be.
const lookEvery = 2 * time.Second

// keepAlive tells NATS of everything in flight that it is still being delivered, and looks how much is left.
func (bridge *bridge) keepAlive(ctx context.Context, flight *flight, source Source, ackWait time.Duration) {
	ticker := time.NewTicker(min(ackWait/3, lookEvery))
	defer ticker.Stop()
	for {
		for _, message := range flight.all() {
			_ = message.Working()
		}
		if pending, err := source.Pending(ctx); err == nil {
			bridge.state.change(func(facts *Facts) { facts.Behind = pending.Behind })
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (bridge *bridge) lane(number int, flight *flight) *lane {
	return &lane{
		number: number,
		jobs:   make(chan job, bridge.route.MaxPending),
		open:   bridge.openSink,
		bury:   bridge.bury,
		failed: func(err error) {
			bridge.state.change(func(facts *Facts) { facts.fail(err) })
		},
		done: func(job job) {
			// What NATS does not learn now, it learns when it delivers the message again.
			_ = job.message.Done(context.Background())
			flight.done(job.message.Sequence())
			bridge.state.change(func(facts *Facts) {
				facts.Problem, facts.Fault = "", ""
				if job.violation == nil {
					facts.Delivered++
					return
				}
				facts.Dead++
				facts.LastDead, facts.DeadWhy = time.Now(), job.violation.Error()
			})
			bridge.end(job)
		},
	}
}

// jobOf checks a message and turns it into what Pulsar gets. Its headers become properties of the same names.
func (bridge *bridge) jobOf(message Message, identity string) job {
	key, violation := bridge.contract.KeyOf(message.Payload())
	properties := map[string]string{
		"arc-stream":   bridge.route.Stream,
		"arc-sequence": strconv.FormatUint(message.Sequence(), 10),
	}
	for name, values := range message.Headers() {
		if len(values) > 0 && isCarried(name) {
			properties[name] = values[0]
		}
	}
	span := bridge.begin(properties, message)
	// One that cannot be read has no time of its own.
	happened, _ := time.Parse(time.RFC3339Nano, properties["ce-time"])
	return job{
		message:   message,
		violation: violation,
		identity:  identity,
		span:      span,
		outgoing: Outgoing{
			Key:        key,
			Payload:    message.Payload(),
			Properties: properties,
			EventTime:  happened,
			Sequence:   message.Sequence(),
		},
	}
}

// begin begins the span of a message, and names it to whoever reads the message. Without a receiver of spans there is
// none, and the message keeps the trace context that it came with.
//
// Names are those of OpenTelemetry's conventions of messaging.
func (bridge *bridge) begin(properties map[string]string, message Message) *Span {
	if bridge.spans == nil {
		return nil
	}
	span := newSpan(properties["traceparent"], "send "+bridge.route.Topic)
	properties["traceparent"] = span.Traceparent()
	span.Attributes = object{
		"messaging.system":           "pulsar",
		"messaging.operation.name":   "send",
		"messaging.operation.type":   "send",
		"messaging.destination.name": bridge.route.Topic,
		"messaging.message.id":       properties["ce-id"],
		"arc.message":                bridge.route.Message,
		"arc.stream":                 bridge.route.Stream,
		"arc.sequence":               int(message.Sequence()),
	}
	return span
}

func (bridge *bridge) end(job job) {
	if job.span == nil {
		return
	}
	job.span.End = time.Now()
	job.span.Attributes["arc.attempts"] = job.attempts
	if job.violation != nil {
		job.span.Error = job.violation.Error()
		job.span.Attributes["messaging.destination.name"] = bridge.route.Dead
	}
	bridge.spans.Put(job.span)
}

// isCarried says whether a header means something beyond NATS: CloudEvents' attributes and the trace.
func isCarried(name string) bool {
	return len(name) > 3 && name[:3] == "ce-" || name == "traceparent" || name == "tracestate"
}
