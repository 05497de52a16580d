package main

import (
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"time"
)

// Span is the way of one message, from NATS to Pulsar.
type Span struct {
	TraceID, SpanID string
	// ParentID is the span that published the message; empty where its headers name none.
	ParentID   string
	Name       string
	Start, End time.Time
	// Error says why the message went to the dead letters; empty where it did not.
	Error      string
	Attributes map[string]any
}

var traceparent = regexp.MustCompile(`^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$`)

// newSpan begins a span as a part of the one that a message names, or a trace of its own where it names none.
func newSpan(parent, name string) *Span {
	span := &Span{Name: name, Start: time.Now(), SpanID: randomID(8), Attributes: map[string]any{}}
	if found := traceparent.FindStringSubmatch(parent); found != nil {
		span.TraceID, span.ParentID = found[1], found[2]
	} else {
		span.TraceID = randomID(16)
	}
	return span
}

// Traceparent names the span to whoever reads the message.
func (span *Span) Traceparent() string {
	return "00-" + span.TraceID + "-" + span.SpanID + "-01"
}

func randomID(length int) string {
	bytes := make([]byte, length)
	// It never fails: crypto/rand ends the program where there is no randomness.
	_, _ = rand.Read(bytes)
	return hex.EncodeToString(bytes)
}
