// Package contracts checks, encodes and decodes the messages that contracts/*.yaml declare. The packages below events/
// hold them as types; natsbus and pulsarbus move them.
package contracts

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Event is a message of a contract. Generated types are events.
type Event interface {
	Contract() *Contract
	// WriteJSON writes the message, and refuses it where it breaks its contract.
	WriteJSON(*Writer)
}

// Contract is what clients are told of a message. Generated files hold it as JSON.
type Contract struct {
	Name string `json:"name"`
	// Event is ce-type: arc.agent.voice-track-published.v1
	Event       string       `json:"event"`
	Publishers  []string     `json:"publishers"`
	Subscribers []Subscriber `json:"subscribers"`
	NATS        *NATS        `json:"nats"`
	Pulsar      *Pulsar      `json:"pulsar"`
	// Reply is the name of the contract that answers it.
	Reply    string    `json:"reply"`
	Personal *Personal `json:"personal"`
	Schema   *Schema   `json:"schema"`
}

// Subscriber receives a message on NATS.
type Subscriber struct {
	Role string `json:"role"`
	// Queue is a group of which one member gets each message.
	Queue string `json:"queue"`
	// Durable is the consumer that the role reads the stream by.
	Durable string `json:"durable"`
	// Deliveries of one message to that consumer before it is a dead letter.
	Deliveries uint64 `json:"deliveries"`
}

// NATS says where a message is on NATS.
type NATS struct {
	Subject string `json:"subject"`
	Stream  string `json:"stream"`
	// Dead is the subject of what could not be read or handled.
	Dead string `json:"dead"`
}

// Pulsar says where a message is on Pulsar.
type Pulsar struct {
	// URL is persistent://tenant/namespace/topic.
	URL string `json:"url"`
	// Key is the JSON pointer of the field that orders messages.
	Key           string         `json:"key"`
	Subscriptions []Subscription `json:"subscriptions"`
	// Avro is the record that Pulsar's registry knows.
	Avro json.RawMessage `json:"avro"`
}

// Subscription of a topic.
type Subscription struct {
	Name string `json:"name"`
	Role string `json:"role"`
	Type string `json:"type"`
	From string `json:"from"`
	// After so many redeliveries a message goes to Dead; 0 without one.
	After uint32 `json:"after"`
	Dead  string `json:"dead"`
}

// Personal says which fields are encrypted with a key of the user.
type Personal struct {
	User   string   `json:"user"`
	Fields []string `json:"fields"`
}

// MustParse reads a generated contract. It panics where the text is not one, which only an edit by hand makes it.
func MustParse(text string) *Contract {
	var contract Contract
	if err := json.Unmarshal([]byte(text), &contract); err != nil {
		panic(fmt.Sprintf("contracts: %v", err))
	}
	return &contract
}

// Of returns the contract of a type.
func Of[E Event]() *Contract {
	var event E
	return event.Contract()
}

// RequirePublisher returns a Problem unless a role may publish the message.
func (c *Contract) RequirePublisher(role string) error {
	if slices.Contains(c.Publishers, role) {
		return nil
	}
	return &Problem{Code: NotAPublisher, Contract: c.Name, Message: fmt.Sprintf("%s does not publish it", role)}
}
