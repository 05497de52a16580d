package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// inboxPrefix is where answers to the bridge arrive; nobody else may listen there.
const inboxPrefix = "_INBOX_" + role

// askLimit is how long NATS may take for an answer.
const askLimit = 5 * time.Second

// connectNATS connects as the bridge, and stays connected: a lost connection is made again, for ever, and so is the
// first one, since the server may start later.
func connectNATS(url, seedFile string) (*nats.Conn, error) {
	options := []nats.Option{
		nats.Name(role),
		nats.CustomInboxPrefix(inboxPrefix),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.RetryOnFailedConnect(true),
		nats.IgnoreAuthErrorAbort(),
		// A server that is paused says nothing: two missed answers, and the connection counts as lost.
		nats.PingInterval(5 * time.Second),
		// Nothing is kept for later: what could not be sent is sent again by whoever wanted it sent.
		nats.ReconnectBufSize(-1),
	}
	if seedFile != "" {
		if _, err := os.Stat(seedFile); err != nil {
			return nil, err
		}
		seed, err := nats.NkeyOptionFromSeed(seedFile)
		if err != nil {
			return nil, err
		}
		options = append(options, seed)
	}
	return nats.Connect(url, options...)
}

// natsSource is a durable consumer that arc has declared.
type natsSource struct {
	consumer jetstream.Consumer
	identity string
}

// openSource finds the stream and the consumer of a route.
//
// It returns how long NATS waits for an acknowledgement as well.
func openSource(ctx context.Context, js jetstream.JetStream, route Route) (Source, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	stream, err := js.Stream(ctx, route.Stream)
	if err != nil {
		return nil, 0, fmt.Errorf("stream %s: %w", route.Stream, err)
	}
	consumer, err := stream.Consumer(ctx, route.Durable)
	if err != nil {
		return nil, 0, fmt.Errorf("consumer %s: %w", route.Durable, err)
	}
	// A stream that was deleted and made again counts from 1 again. Under the old name, Pulsar would take its messages
	// for repetitions.
	identity := fmt.Sprintf("%s@%d", route.Stream, stream.CachedInfo().Created.UnixNano())
	return &natsSource{consumer: consumer, identity: identity}, consumer.CachedInfo().Config.AckWait, nil
}

func (source *natsSource) Identity() string { return source.identity }

func (source *natsSource) Pending(ctx context.Context) (Pending, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	info, err := source.consumer.Info(ctx)
	if err != nil {
		return Pending{}, err
	}
	return Pending{
		Count:    info.NumAckPending,
		Last:     info.Delivered.Stream,
		Delivery: info.Delivered.Consumer,
		Behind:   info.NumPending,
	}, nil
}

// Fetch takes what is there, and waits for one message only where there is none.
func (source *natsSource) Fetch(ctx context.Context, count int, wait time.Duration) ([]Message, error) {
	messages, err := messagesOf(source.consumer.FetchNoWait(count))
	if err != nil || len(messages) > 0 {
		return messages, err
	}
	messages, err = messagesOf(source.consumer.Fetch(1, jetstream.FetchMaxWait(wait)))
	return messages, errors.Join(err, ctx.Err())
}

func messagesOf(batch jetstream.MessageBatch, err error) ([]Message, error) {
	if err != nil {
		return nil, err
	}
	var messages []Message
	for message := range batch.Messages() {
		metadata, err := message.Metadata()
		if err != nil {
			return messages, err
		}
		messages = append(messages, &natsMessage{message: message, metadata: metadata})
	}
	err = batch.Error()
	if errors.Is(err, nats.ErrTimeout) || errors.Is(err, jetstream.ErrNoMessages) {
		err = nil
	}
	return messages, err
}

type natsMessage struct {
	message  jetstream.Msg
	metadata *jetstream.MsgMetadata
}

func (message *natsMessage) Sequence() uint64     { return message.metadata.Sequence.Stream }
func (message *natsMessage) Delivery() uint64     { return message.metadata.Sequence.Consumer }
func (message *natsMessage) Payload() []byte      { return message.message.Data() }
func (message *natsMessage) Headers() nats.Header { return message.message.Headers() }
func (message *natsMessage) Working() error       { return message.message.InProgress() }
func (message *natsMessage) Release() error       { return message.message.Nak() }

func (message *natsMessage) Done(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	return message.message.DoubleAck(ctx)
}
