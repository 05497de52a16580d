package main

import (
	"context"
	"fmt"
	"time"
)

// lanes of a route: messages of one key share one, so that they stay in order. Their number is part of the producers'
// names: with another number, a key may belong to another lane.
const lanes = 8

// Pauses between two attempts; tests have no time for them.
var (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// job is one message on its way.
type job struct {
	message   Message
	outgoing  Outgoing
	violation *Violation
	// identity of the stream that it is from.
	identity string
	// span of its way; nil where nobody takes spans.
	span     *Span
	attempts int
}

// lane delivers its jobs one after the other.
type lane struct {
	number int
	jobs   chan job
	// open makes the sink of a stream.
	open func(identity string, lane int) (Sink, error)
	// bury puts a message aside that is not what its contract says.
	bury func(ctx context.Context, job job) error
	// failed is told why an attempt failed, and done that the message is delivered.
	failed func(err error)
	done   func(job job)

	sink     Sink
	identity string
}

func (lane *lane) run(ctx context.Context) {
	defer lane.close()
	for {
		select {
		case job := <-lane.jobs:
			if err := lane.deliver(ctx, job); err != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// deliver tries until it succeeds or the context ends.
func (lane *lane) deliver(ctx context.Context, job job) error {
	for pause := firstPause; ; pause = min(pause*2, longestPause) {
		job.attempts++
		err := lane.attempt(ctx, job)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			lane.done(job)
			return nil
		}
		lane.failed(err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (lane *lane) attempt(ctx context.Context, job job) error {
	if job.violation != nil {
		return lane.bury(ctx, job)
	}
	if lane.sink == nil || lane.identity != job.identity {
		lane.close()
		sink, err := lane.open(job.identity, lane.number)
		if err != nil {
			return err
		}
		lane.sink, lane.identity = sink, job.identity
	}
	err := lane.sink.Send(ctx, job.outgoing)
	if err != nil {
		lane.close()
	}
	return err
}

func (lane *lane) close() {
	if lane.sink != nil {
		lane.sink.Close()
		lane.sink = nil
	}
}

// producerName is the same for one lane of one stream, whichever process it is: by it the broker knows what it has.
func producerName(route Route, identity string, lane int) string {
	return fmt.Sprintf("bridge/%s/%s/%d-of-%d", identity, route.Message, lane, lanes)
}
