package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Outbox sends spans beside the work, one request at a time. While the receiver is away they wait, as many as there is
// room for; newer ones are left out then, and counted. A nil Outbox keeps nothing.
type Outbox struct {
	url     string
	waiting chan *Span
	client  *http.Client

	mutex  sync.Mutex
	counts SpanCounts
	// batch has left the queue and is not sent yet.
	batch []*Span
}

// SpanCounts says what became of spans.
type SpanCounts struct {
	Sent uint64
	// Full counts those that there was no room for, Refused those that the receiver did not want, and Unsent those that
	// were still there at the end.
	Full, Refused, Unsent uint64
	Waiting               int
}

const (
	// mostSpans that wait, about 1 KB each.
	mostSpans   = 2048
	spansAtOnce = 512
	// farewell is how long the last spans may take.
	farewell = 500 * time.Millisecond
)

// Tests have no time for them.
var (
	gatherFor    = time.Second
	longestRetry = 10 * time.Second
)

// newOutbox sends to an address such as http://arc-telemetry:4318. It is nil where there is none.
func newOutbox(url string) *Outbox {
	if url == "" {
		return nil
	}
	return &Outbox{
		url:     strings.TrimRight(url, "/") + "/v1/traces",
		waiting: make(chan *Span, mostSpans),
		// Whatever proxy Docker gives containers, the receiver is beside this one.
		client: &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{Proxy: nil, MaxIdleConns: 1}},
	}
}

// Put takes a span. It never waits.
func (outbox *Outbox) Put(span *Span) {
	if outbox == nil {
		return
	}
	select {
	case outbox.waiting <- span:
	default:
		outbox.count(func(counts *SpanCounts) { counts.Full++ })
	}
}

// Counts returns a copy.
func (outbox *Outbox) Counts() SpanCounts {
	if outbox == nil {
		return SpanCounts{}
	}
	outbox.mutex.Lock()
	defer outbox.mutex.Unlock()
	counts := outbox.counts
	counts.Waiting = len(outbox.waiting) + len(outbox.batch)
	return counts
}

func (outbox *Outbox) count(change func(counts *SpanCounts)) {
	outbox.mutex.Lock()
	defer outbox.mutex.Unlock()
	change(&outbox.counts)
}

// Run sends until the context ends, then what is left, for a moment. What is left after that is lost, and counted.
func (outbox *Outbox) Run(ctx context.Context) {
	if outbox == nil {
		return
	}
	pause := gatherFor
	for ctx.Err() == nil {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		if outbox.sendAll(ctx) {
			pause = gatherFor
		} else {
			pause = min(pause*2, longestRetry)
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	outbox.sendAll(last)
	left := uint64(outbox.Counts().Waiting)
	outbox.count(func(counts *SpanCounts) { counts.Unsent += left })
}

// sendAll sends what waits, and says whether the receiver has answered for good.
func (outbox *Outbox) sendAll(ctx context.Context) bool {
	for outbox.gather() {
		status, answer, err := outbox.post(ctx)
		if err != nil || isRetried(status) {
			return false
		}
		refused := uint64(len(outbox.batch))
		if status < 300 {
			refused = min(refused, rejectedIn(answer))
		}
		outbox.count(func(counts *SpanCounts) {
			counts.Refused += refused
			counts.Sent += uint64(len(outbox.batch)) - refused
			outbox.batch = nil
		})
	}
	return true
}

// gather fills the batch where it is empty, and says whether there is one.
func (outbox *Outbox) gather() bool {
	outbox.mutex.Lock()
	defer outbox.mutex.Unlock()
	for len(outbox.batch) < spansAtOnce {
		select {
		case span := <-outbox.waiting:
			outbox.batch = append(outbox.batch, span)
			continue
		default:
		}
		break
	}
	return len(outbox.batch) > 0
}

func (outbox *Outbox) post(ctx context.Context) (int, []byte, error) {
	body, err := otlpBody(outbox.batch)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, outbox.url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("content-type", "application/json")
	response, err := outbox.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 64*1024))
	return response.StatusCode, answer, err
}

// isRetried says whether the receiver asks for another attempt. Source: OTLP, "Retryable Response Codes".
func isRetried(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}
