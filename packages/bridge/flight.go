package main

import (
	"context"
	"sync"
	"time"
)

// flight holds the messages that were handed over and are not done.
type flight struct {
	mutex    sync.Mutex
	messages map[uint64]flying
	// changed is closed, and made anew, when a message is done.
	changed chan struct{}
}

type flying struct {
	message Message
	since   time.Time
}

func newFlight() *flight {
	return &flight{messages: map[uint64]flying{}, changed: make(chan struct{})}
}

func (flight *flight) add(message Message) {
	flight.mutex.Lock()
	defer flight.mutex.Unlock()
	flight.messages[message.Sequence()] = flying{message: message, since: time.Now()}
}

func (flight *flight) done(sequence uint64) {
	flight.mutex.Lock()
	defer flight.mutex.Unlock()
	delete(flight.messages, sequence)
	close(flight.changed)
	flight.changed = make(chan struct{})
}

func (flight *flight) has(sequence uint64) bool {
	flight.mutex.Lock()
	defer flight.mutex.Unlock()
	_, ok := flight.messages[sequence]
	return ok
}

// all returns the messages in flight.
func (flight *flight) all() []Message {
	flight.mutex.Lock()
	defer flight.mutex.Unlock()
	messages := make([]Message, 0, len(flight.messages))
	for _, one := range flight.messages {
		messages = append(messages, one.message)
	}
	return messages
}

// size says how many messages are in flight, and since when the oldest is.
func (flight *flight) size() (int, time.Time) {
	flight.mutex.Lock()
	defer flight.mutex.Unlock()
	var oldest time.Time
	for _, one := range flight.messages {
		if oldest.IsZero() || one.since.Before(oldest) {
			oldest = one.since
		}
	}
	return len(flight.messages), oldest
}

// waitForRoom returns once fewer than `limit` messages are in flight.
func (flight *flight) waitForRoom(ctx context.Context, limit int) error {
	for {
		flight.mutex.Lock()
		size, changed := len(flight.messages), flight.changed
		flight.mutex.Unlock()
		if size < limit {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
