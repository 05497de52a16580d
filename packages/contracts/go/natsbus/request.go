package natsbus

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
)

// Request asks, and waits for the answer that the contract names, until ctx ends. It returns a Problem: Refused where
// the other side answered with an error, Invalid where question or answer break their contract; and what NATS returns
// where nobody listens or nobody answers in time.
func Request[Question, Answer contracts.Event](
	ctx context.Context, bus *Bus, question Question, sending ...Sending,
) (*contracts.Received[Answer], error) {
	c := question.Contract()
	if err := requireAnswer[Answer](c); err != nil {
		return nil, err
	}
	message, _, err := prepare(ctx, bus, question, sending)
	if err != nil {
		return nil, err
	}
	answer, err := bus.conn.RequestMsgWithContext(ctx, message)
	if err != nil {
		return nil, err
	}
	bus.published.Add(1)
	bus.received.Add(1)
	if refusal := answer.Header.Get(micro.ErrorHeader); refusal != "" {
		return nil, &contracts.Problem{Code: contracts.Refused, Contract: c.Name, Message: refusal}
	}
	return contracts.Decode[Answer](ctx, answer.Data, first(answer.Header), bus.options.Keys)
}

// Respond answers the requests of a contract, side by side. Where one breaks its contract, or handle fails, the asker
// gets an error at once, and the request becomes a dead letter.
func Respond[Question, Answer contracts.Event](
	bus *Bus, handle func(ctx context.Context, question *contracts.Received[Question]) (Answer, error),
) (*Subscription, error) {
	c := contracts.Of[Question]()
	if err := requireAnswer[Answer](c); err != nil {
		return nil, err
	}
	subscriber, err := bus.subscriberOf(c)
	if err != nil {
		return nil, err
	}
	return bus.listen(c.NATS.Subject, subscriber.Queue, func(listening *Subscription, message *nats.Msg) {
		bus.received.Add(1)
		listening.answers.Go(func() {
			var answer Answer
			err := receive(bus, message.Data, message.Header, func(
				ctx context.Context, question *contracts.Received[Question],
			) (err error) {
				if answer, err = handle(ctx, question); err != nil {
					return err
				}
				return bus.answer(ctx, message, answer)
			})
			if err != nil {
				bus.refuse(message, contracts.AsProblem(c.Name, err))
				bus.putAside(c, message, err)
			}
		})
	})
}

func (b *Bus) answer(ctx context.Context, question *nats.Msg, data contracts.Event) error {
	sending := contracts.Sending{Role: b.options.Role, Keys: b.options.Keys}
	envelope, err := contracts.Encode(ctx, data, sending)
	if err != nil {
		return err
	}
	message := nats.NewMsg(question.Reply)
	message.Data = envelope.Payload
	for name, value := range envelope.Headers {
		message.Header[name] = []string{value}
	}
	b.published.Add(1)
	return question.RespondMsg(message)
}

// refuse answers as NATS' own services do, so that its tools show it.
func (b *Bus) refuse(question *nats.Msg, problem *contracts.Problem) {
	message := nats.NewMsg(question.Reply)
	reason := string(problem.Code)
	if problem.Path != "" {
		reason += " " + problem.Path
	}
	message.Header[micro.ErrorHeader] = []string{reason}
	message.Header[micro.ErrorCodeHeader] = []string{string(problem.Code)}
	if err := question.RespondMsg(message); err != nil {
		b.options.Report(fmt.Errorf("a refusal could not be sent: %w", err))
	}
}

func requireAnswer[Answer contracts.Event](c *contracts.Contract) error {
	if answer := contracts.Of[Answer](); c.Reply != answer.Name {
		return &contracts.Problem{
			Code: contracts.NoChannel, Contract: c.Name, Message: fmt.Sprintf("%s does not answer it", answer.Name),
		}
	}
	return nil
}
