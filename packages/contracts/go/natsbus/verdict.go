package natsbus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
)

// letterTime is how long a stream may take to keep a dead letter.
const letterTime = 5 * time.Second

// againAfter says how long a message waits before it is delivered again: 1 s, 4 s, 16 s, then a minute. So five
// deliveries outlast a server that starts again, and a dead letter that comes again is within the time that a stream
// recognises it.
func againAfter(deliveries uint64) time.Duration {
	wait := time.Second
	for ; deliveries > 1 && wait < time.Minute; deliveries-- {
		wait *= 4
	}
	return min(wait, time.Minute)
}

// verdict tells the server what became of messages of a stream.
type verdict struct {
	bus      *Bus
	contract *contracts.Contract
	// last delivery of one message before it is a dead letter. The server has no such limit: what it has given up nobody
	// gets, and a dead letter that no stream takes has to come again.
	last uint64
	// ackWait is how long the server waits for a word.
	ackWait time.Duration
}

// settle handles a message of a stream, and tells the server what became of it.
func settle[E contracts.Event](v verdict, message jetstream.Msg, handle Handle[E]) error {
	v.bus.received.Add(1)
	about, err := message.Metadata()
	if err != nil {
		return err
	}
	defer v.working(message)()
	ctx := context.Background()
	received, broken := contracts.Decode[E](ctx, message.Data(), first(message.Headers()), v.bus.options.Keys)
	var cause *contracts.Problem
	switch {
	case broken != nil:
		cause = contracts.AsProblem(v.contract.Name, broken)
	case about.NumDelivered > v.last:
		// Its deliveries are used up: a handler failed each time, or ended with its program.
		cause = v.failed(fmt.Errorf("it was delivered %d times, and never acknowledged", v.last))
	default:
		if err := handle(contracts.WithTrace(ctx, received.Trace), received); err != nil {
			cause = v.failed(err)
		}
	}
	if cause == nil {
		return message.Ack()
	}
	isDead := cause.NeverReadable() || about.NumDelivered >= v.last
	if isDead && v.isKept(message, about, cause) {
		return message.TermWithReason("dead letter")
	}
	return message.NakWithDelay(againAfter(about.NumDelivered))
}

// failed is a failure of the handler, also where its own messages broke their contract.
func (v verdict) failed(err error) *contracts.Problem {
	return &contracts.Problem{Code: contracts.Handler, Contract: v.contract.Name, Message: err.Error(), Cause: err}
}

// working tells the server again and again that a message is still worked on, until it is stopped.
func (v verdict) working(message jetstream.Msg) (stop func()) {
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		ticker := time.NewTicker(max(v.ackWait/3, time.Millisecond))
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if message.InProgress() != nil {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return stop
}

// isKept puts a message aside, and says whether a stream has it now.
func (v verdict) isKept(message jetstream.Msg, about *jetstream.MsgMetadata, cause *contracts.Problem) bool {
	unnamed := fmt.Sprintf("%s-%d", about.Stream, about.Sequence.Stream)
	letter := v.bus.letterOf(v.contract, arrived{message.Subject(), message.Data(), message.Headers()}, cause, unnamed)
	ctx, end := context.WithTimeout(context.Background(), letterTime)
	defer end()
	if _, err := v.bus.stream.PublishMsg(ctx, letter); err != nil {
		v.bus.options.Report(fmt.Errorf(
			"%s: a dead letter could not be kept, so the message comes again: %w", v.contract.Name, err,
		))
		return false
	}
	v.bus.dead.Add(1)
	v.bus.options.Report(cause)
	return true
}
