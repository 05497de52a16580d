package pulsarbus

import (
	"context"
	"time"

	"github.com/apache/pulsar-client-go/pulsar"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
)

// Sending says what there is to say about a message beside its data. The zero value is right for most.
type Sending struct {
	// ID is unique unless given. Whoever publishes the same again, gives the same.
	ID string
	// Time when it happened; now unless given.
	Time time.Time
}

// Publish publishes a message on the topic of its contract, and returns its id once Pulsar keeps it. The message
// belongs to the trace of ctx. It returns a Problem for what breaks the contract.
func Publish[E contracts.Event](ctx context.Context, bus *Bus, data E, sending ...Sending) (string, error) {
	kept := make(chan error, 1)
	id, err := PublishAsync(ctx, bus, data, func(err error) { kept <- err }, sending...)
	if err != nil {
		return "", err
	}
	return id, <-kept
}

// PublishAsync publishes a message without waiting. kept is called once Pulsar keeps it, or could not.
func PublishAsync[E contracts.Event](
	ctx context.Context, bus *Bus, data E, kept func(error), sending ...Sending,
) (string, error) {
	message, envelope, err := prepare(ctx, bus, data, sending)
	if err != nil {
		bus.refused.Add(1)
		return "", err
	}
	producer, err := bus.producer(data.Contract())
	if err != nil {
		return "", err
	}
	producer.SendAsync(ctx, message, func(_ pulsar.MessageID, _ *pulsar.ProducerMessage, err error) {
		if err == nil {
			bus.published.Add(1)
		}
		kept(err)
	})
	return envelope.ID, nil
}

func prepare[E contracts.Event](
	ctx context.Context, bus *Bus, data E, sending []Sending,
) (*pulsar.ProducerMessage, *contracts.Envelope, error) {
	c := data.Contract()
	if c.Pulsar == nil {
		return nil, nil, &contracts.Problem{
			Code: contracts.NoChannel, Contract: c.Name, Message: "it has no Pulsar topic",
		}
	}
	if err := c.RequirePublisher(bus.options.Role); err != nil {
		return nil, nil, err
	}
	all := contracts.Sending{Role: bus.options.Role, Keys: bus.options.Keys}
	for _, one := range sending {
		all.ID, all.Time = one.ID, one.Time
	}
	envelope, err := contracts.Encode(ctx, data, all)
	if err != nil {
		return nil, nil, err
	}
	return &pulsar.ProducerMessage{
		Payload: envelope.Payload, Properties: envelope.Headers, Key: envelope.Key,
	}, envelope, nil
}

// producer returns the producer of a contract, and makes it the first time.
func (b *Bus) producer(c *contracts.Contract) (pulsar.Producer, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if producer, ok := b.producers[c.Name]; ok {
		return producer, nil
	}
	producer, err := b.client.CreateProducer(pulsar.ProducerOptions{
		Topic:  c.Pulsar.URL,
		Schema: schemaOf(c),
	})
	if err != nil {
		return nil, err
	}
	b.producers[c.Name] = producer
	return producer, nil
}

// schemaOf is what the broker compares with its registry. The payload is JSON already.
func schemaOf(c *contracts.Contract) pulsar.Schema {
	return pulsar.NewJSONSchema(string(c.Pulsar.Avro), nil)
}
