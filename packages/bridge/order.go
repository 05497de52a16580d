package main

import (
	"context"
	"slices"
	"time"
)

// reader hands the messages of a source over in the order of the stream, each once, whatever is lost on the way.
//
// That order is what makes deduplication safe: Pulsar drops a message whose sequence is lower than the last one of the
// same producer. NATS delivers in order, except that it delivers again what was delivered and never acknowledged, and
// then later than what came after it. So, whenever a delivery may be missing, the reader stops, waits until all that it
// has handed over is done, and collects all that NATS still waits for before anything newer goes on.
type reader struct {
	source Source
	flight *flight
	limit  int
	// next is the number that the next delivery must have; 0 where nothing is known.
	next uint64
	// handed is the highest sequence that was handed over. Everything up to it was, too.
	handed   uint64
	repeated func()
	hand     func(message Message)
}

// fetchWait is how long one question for messages stays open.
const fetchWait = 2 * time.Second

// run reads until the context ends or the source fails.
func (reader *reader) run(ctx context.Context) error {
	if err := reader.collect(ctx, nil); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := reader.flight.waitForRoom(ctx, reader.limit); err != nil {
			return err
		}
		messages, err := reader.source.Fetch(ctx, reader.limit, fetchWait)
		for index, message := range messages {
			if message.Delivery() != reader.next {
				if err := reader.collect(ctx, messages[index:]); err != nil {
					return err
				}
				break
			}
			reader.next = message.Delivery() + 1
			if !reader.isKnown(message) {
				reader.pass(message)
			}
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// pass hands a message over.
func (reader *reader) pass(message Message) {
	reader.handed = message.Sequence()
	reader.flight.add(message)
	reader.hand(message)
}

// isKnown says whether a message was handed over before. If it is done, NATS did not learn of it, and is told again.
func (reader *reader) isKnown(message Message) bool {
	if message.Sequence() > reader.handed {
		return false
	}
	reader.repeated()
	if reader.flight.has(message.Sequence()) {
		_ = message.Working()
	} else {
		_ = message.Done(context.Background())
	}
	return true
}

// collect waits until nothing is missing any more, and hands everything over in the order of the stream.
func (reader *reader) collect(ctx context.Context, found []Message) error {
	if err := reader.flight.waitForRoom(ctx, 1); err != nil {
		return err
	}
	collected := map[uint64]Message{}
	take := func(messages []Message) {
		for _, message := range messages {
			reader.next = max(reader.next, message.Delivery()+1)
			if !reader.isKnown(message) {
				collected[message.Sequence()] = message
			}
		}
	}
	take(found)
	for {
		pending, err := reader.source.Pending(ctx)
		if err != nil {
			return err
		}
		if len(collected) >= pending.Count {
			reader.next = max(reader.next, pending.Delivery+1)
			break
		}
		// What has been collected must not be delivered a third time while the rest is waited for.
		for _, message := range collected {
			_ = message.Working()
		}
		messages, err := reader.source.Fetch(ctx, reader.limit, fetchWait)
		take(messages)
		if err != nil {
			return err
		}
	}
	sequences := make([]uint64, 0, len(collected))
	for sequence := range collected {
		sequences = append(sequences, sequence)
	}
	slices.Sort(sequences)
	for _, sequence := range sequences {
		reader.pass(collected[sequence])
	}
	return nil
}
