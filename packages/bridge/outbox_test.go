package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// receive answers each request with the next status, and the last one for ever.
func receive(t *testing.T, answer string, statuses ...int) (*httptest.Server, chan string) {
	t.Helper()
	bodies := make(chan string, 100)
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		index := min(int(asked.Add(1)), len(statuses)) - 1
		writer.WriteHeader(statuses[index])
		_, _ = io.WriteString(writer, answer)
		bodies <- string(body)
	}))
	t.Cleanup(server.Close)
	return server, bodies
}

// counted runs an outbox until its counts are as wanted.
func counted(t *testing.T, outbox *Outbox, wanted SpanCounts) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { outbox.Run(ctx); close(ended) }()
	deadline := time.Now().Add(5 * time.Second)
	for outbox.Counts() != wanted && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	cancel()
	<-ended
	if counts := outbox.Counts(); counts != wanted {
		t.Fatalf("%+v instead of %+v", counts, wanted)
	}
}

func TestASpanIsAPartOfTheOneThatPublished(t *testing.T) {
	server, bodies := receive(t, "{}", http.StatusOK)
	outbox := newOutbox(server.URL)
	span := newSpan("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "send topic")
	span.End = span.Start.Add(time.Millisecond)
	span.Attributes["arc.attempts"] = 2
	outbox.Put(span)
	counted(t, outbox, SpanCounts{Sent: 1})
	var got struct {
		ResourceSpans []struct {
			ScopeSpans []struct{ Spans []map[string]any }
		}
	}
	if err := json.Unmarshal([]byte(<-bodies), &got); err != nil {
		t.Fatal(err)
	}
	sent := got.ResourceSpans[0].ScopeSpans[0].Spans[0]
	for name, wanted := range map[string]any{
		"traceId": "0af7651916cd43dd8448eb211c80319c", "parentSpanId": "b7ad6b7169203331",
		"spanId": span.SpanID, "name": "send topic", "kind": 4.0,
	} {
		if sent[name] != wanted {
			t.Errorf("%s is %v instead of %v", name, sent[name], wanted)
		}
	}
	if other := newSpan("none", ""); other.ParentID != "" || len(other.TraceID) != 32 {
		t.Errorf("%+v is not a trace of its own", other)
	}
}

func TestSpansWaitForAReceiverThatIsAway(t *testing.T) {
	server, _ := receive(t, "{}", http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusOK)
	outbox := newOutbox(server.URL)
	outbox.Put(newSpan("", ""))
	counted(t, outbox, SpanCounts{Sent: 1})
}

func TestRefusedSpansAreCounted(t *testing.T) {
	for _, test := range []struct {
		answer string
		status int
		wanted SpanCounts
	}{
		{"{}", http.StatusBadRequest, SpanCounts{Refused: 2}},
		{`{"partialSuccess":{"rejectedSpans":"1"}}`, http.StatusOK, SpanCounts{Sent: 1, Refused: 1}},
	} {
		server, _ := receive(t, test.answer, test.status)
		outbox := newOutbox(server.URL)
		outbox.Put(newSpan("", ""))
		outbox.Put(newSpan("", ""))
		counted(t, outbox, test.wanted)
	}
}

func TestNobodyWaitsForRoom(t *testing.T) {
	outbox := newOutbox("http://127.0.0.1:1")
	for range mostSpans + 3 {
		outbox.Put(newSpan("", ""))
	}
	if counts := outbox.Counts(); counts.Full != 3 || counts.Waiting != mostSpans {
		t.Fatalf("%+v", counts)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	outbox.Run(ctx)
	if counts := outbox.Counts(); counts.Unsent != mostSpans {
		t.Fatalf("%+v", counts)
	}
	var none *Outbox
	none.Put(newSpan("", ""))
	none.Run(ctx)
	if none.Counts() != (SpanCounts{}) {
		t.Error("an outbox without an address counts")
	}
}

func TestAMessageNamesTheBridgeToItsReaders(t *testing.T) {
	for _, test := range []struct {
		outbox *Outbox
		wanted []bool
	}{{newOutbox("http://127.0.0.1:1"), []bool{true, false}}, {nil, []bool{true, true}}} {
		world := newWorld(1, 1, 1, 0)
		one := world.bridge(t)
		one.spans = test.outbox
		incoming := "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
		job := one.jobOf(&tracedMessage{&worldMessage{world: world, sequence: 1, delivery: 1}, incoming}, "stream@1")
		outgoing := job.outgoing.Properties["traceparent"]
		if got := []bool{outgoing[:35] == incoming[:35], outgoing == incoming}; !slices.Equal(got, test.wanted) {
			t.Errorf("%s after %s", outgoing, incoming)
		}
	}
}
