package main

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"os"
	"time"

	"github.com/apache/pulsar-client-go/pulsar"
	"github.com/apache/pulsar-client-go/pulsar/log"
	"github.com/prometheus/client_golang/prometheus"
)

// connectPulsar makes a client; it connects when the first message is sent.
func connectPulsar(address string) (pulsar.Client, error) {
	logger := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	return pulsar.NewClient(pulsar.ClientOptions{
		URL:               address,
		ConnectionTimeout: 3 * time.Second,
		OperationTimeout:  10 * time.Second,
		// A broker that is paused says nothing: two missed answers, and the connection counts as lost.
		KeepAliveInterval: 10 * time.Second,
		Logger:            log.NewLoggerWithSlog(logger),
		// Its own figures are of this process alone, and not among those that the bridge declares.
		MetricsRegisterer: prometheus.NewRegistry(),
	})
}

type pulsarSink struct {
	producer pulsar.Producer
}

// openSink opens the producer of one lane.
//
// Each lane has one message on its way at a time, in no batch. So no message can arrive before an earlier one of the
// same producer, which the broker would then drop as a repetition; nor can a batch be dropped of which it has a part.
func openSink(client pulsar.Client, admin string, route Route, name string) (Sink, error) {
	schema, err := schemaOf(admin, route.Topic)
	if err != nil {
		return nil, err
	}
	options := pulsar.ProducerOptions{
		Topic:           route.Topic,
		Name:            name,
		DisableBatching: true,
		// It waits as long as the broker is away: whoever gave a message up could not tell whether the broker has it.
		SendTimeout: -1,
	}
	if schema != nil {
		options.Schema = schema
	}
	producer, err := client.CreateProducer(options)
	if err != nil {
		return nil, err
	}
	return &pulsarSink{producer: producer}, nil
}

func (sink *pulsarSink) Send(ctx context.Context, outgoing Outgoing) error {
	sequence := int64(outgoing.Sequence)
	_, err := sink.producer.Send(ctx, &pulsar.ProducerMessage{
		Payload:    outgoing.Payload,
		Key:        outgoing.Key,
		Properties: outgoing.Properties,
		EventTime:  outgoing.EventTime,
		SequenceID: &sequence,
	})
	return err
}

func (sink *pulsarSink) Close() { sink.producer.Close() }

// answers says whether something listens at the address of Pulsar.
func answers(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil {
		return false
	}
	connection, err := net.DialTimeout("tcp", parsed.Host, time.Second)
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}
