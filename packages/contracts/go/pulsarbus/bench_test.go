package pulsarbus

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/apache/pulsar-client-go/pulsar"
	"github.com/apache/pulsar-client-go/pulsar/log"
	json "github.com/go-json-experiment/json"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
	"github.com/arc-framework/arc/packages/contracts/go/events/agent"
)

// swallow is a producer whose broker is quicker than any.
type swallow struct{ pulsar.Producer }

func (swallow) SendAsync(
	_ context.Context, message *pulsar.ProducerMessage, kept func(pulsar.MessageID, *pulsar.ProducerMessage, error),
) {
	kept(nil, message, nil)
}

// BenchmarkPublishAsync is what the client itself does for a message, apart from the broker and its client.
func BenchmarkPublishAsync(b *testing.B) {
	data := lifecycle(b)
	bus := &Bus{
		options:   Options{Role: "brain"},
		producers: map[string]pulsar.Producer{data.Contract().Name: swallow{}},
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := PublishAsync(b.Context(), bus, data, func(error) {}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPulsar publishes to a real Pulsar with the contract's topic, and counts until it keeps every message:
//
//	PULSAR_URL=pulsar://127.0.0.1:6650 go test -run '^$' -bench Pulsar -benchtime 200000x ./pulsarbus
//
// What is without the contract uses the same client with the same options, and sends the same bytes: JSON that the
// JSON library makes of the same value, the same key, and attributes that were made once. "ready bytes" makes nothing,
// and has no attributes.
func BenchmarkPulsar(b *testing.B) {
	url := os.Getenv("PULSAR_URL")
	if url == "" {
		b.Skip("PULSAR_URL names no Pulsar")
	}
	data := lifecycle(b)
	bus, err := Connect(Options{Role: "brain", URL: url})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := bus.Drain(); err != nil {
			b.Error(err)
		}
	}()
	envelope, err := contracts.Encode(b.Context(), data, contracts.Sending{Role: "brain"})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("with", func(b *testing.B) {
		publishes(b, func(kept func(error)) error {
			_, err := PublishAsync(b.Context(), bus, data, kept)
			return err
		})
	})
	b.Run("without", func(b *testing.B) {
		producer := bareProducer(b, url, data.Contract())
		publishes(b, func(kept func(error)) error {
			payload, err := json.Marshal(data)
			if err != nil {
				return err
			}
			message := &pulsar.ProducerMessage{Payload: payload, Key: data.Service.Name, Properties: envelope.Headers}
			send(b.Context(), producer, message, kept)
			return nil
		})
	})
	b.Run("ready", func(b *testing.B) {
		producer := bareProducer(b, url, data.Contract())
		publishes(b, func(kept func(error)) error {
			send(b.Context(), producer, &pulsar.ProducerMessage{Payload: envelope.Payload, Key: envelope.Key}, kept)
			return nil
		})
	})
}

// publishes times b.N messages, from the first until the last is kept. One before them makes the producer.
func publishes(b *testing.B, publish func(kept func(error)) error) {
	var failures atomic.Int64
	var pending sync.WaitGroup
	one := func() {
		pending.Add(1)
		err := publish(func(err error) {
			if err != nil {
				failures.Add(1)
			}
			pending.Done()
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	one()
	pending.Wait()
	b.ResetTimer()
	for range b.N {
		one()
	}
	pending.Wait()
	b.StopTimer()
	if failures.Load() > 0 {
		b.Fatalf("%d messages were not kept", failures.Load())
	}
}

func send(ctx context.Context, producer pulsar.Producer, message *pulsar.ProducerMessage, kept func(error)) {
	producer.SendAsync(ctx, message, func(_ pulsar.MessageID, _ *pulsar.ProducerMessage, err error) { kept(err) })
}

func bareProducer(b *testing.B, url string, c *contracts.Contract) pulsar.Producer {
	client, err := pulsar.NewClient(pulsar.ClientOptions{URL: url, Logger: log.DefaultNopLogger()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(client.Close)
	producer, err := client.CreateProducer(pulsar.ProducerOptions{Topic: c.Pulsar.URL, Schema: schemaOf(c)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(producer.Close)
	return producer
}

func lifecycle(b *testing.B) (data agent.AgentLifecycle) {
	err := json.Unmarshal([]byte(`{
		"schema": "agent-lifecycle-v1", "message_id": "msg-550e8400-e29b-41d4-a716-446655440003",
		"timestamp": "2025-12-14T13:00:00.000Z", "event_type": "service_started",
		"service": { "name": "agent", "instance_id": "agent-7f8d9c5b6-xk2lm", "version": "1.2.3", "node": "node-1" },
		"event_details": { "type": "startup", "reason": "deployment", "previous_state": "stopped", "current_state": "running" },
		"health": { "cpu_limit": "2", "memory_limit": "2Gi", "initial_goroutines": 42, "dependencies_healthy": true }
	}`), &data)
	if err != nil {
		b.Fatal(err)
	}
	return data
}
