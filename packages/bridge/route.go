package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"
)

// Route is one message of a contract that goes from its NATS stream to its Pulsar topic.
type Route struct {
	// Message is the contract's name: voice-track-published.
	Message string `json:"message"`
	Stream  string `json:"stream"`
	Subject string `json:"subject"`
	// Durable is the consumer by which the bridge reads the stream.
	Durable string `json:"durable"`
	// Dead is the subject of what does not satisfy the schema.
	Dead string `json:"dead"`
	// Topic is the address on Pulsar: persistent://arc/events/conversation.
	Topic string `json:"topic"`
	// Key is the JSON pointer of the field that messages are kept in order by; empty for one order of all.
	Key string `json:"key"`
	// MaxPending is how many messages may wait for Pulsar.
	MaxPending int `json:"max_pending"`
	// Schema is the JSON Schema of the message.
	Schema json.RawMessage `json:"schema"`
	// Personal are JSON pointers of fields that arrive encrypted.
	Personal []string `json:"personal"`
}

// Config is what arc renders for the bridge.
type Config struct {
	NATS   string `json:"nats"`
	Pulsar string `json:"pulsar"`
	// Admin is the address of Pulsar's REST API, for the schemas of topics.
	Admin  string  `json:"admin"`
	Port   int     `json:"port"`
	Routes []Route `json:"routes"`
	// Heartbeats is empty where the contracts have none.
	Heartbeats Heartbeats `json:"heartbeats"`
}

// ReadConfig reads the file and refuses what the bridge could not work with.
func ReadConfig(file string) (Config, error) {
	var config Config
	content, err := os.ReadFile(file)
	if err != nil {
		return config, err
	}
	// What arc writes is JSON below a comment, which is YAML.
	var value any
	if err := yaml.Unmarshal(content, &value); err != nil {
		return config, fmt.Errorf("%s: %w", file, err)
	}
	plain, err := json.Marshal(value)
	if err != nil {
		return config, fmt.Errorf("%s: %w", file, err)
	}
	if err := json.Unmarshal(plain, &config); err != nil {
		return config, fmt.Errorf("%s: %w", file, err)
	}
	var problems []error
	if config.NATS == "" || config.Pulsar == "" || config.Admin == "" {
		problems = append(problems, errors.New("nats, pulsar and admin are addresses, and one is missing"))
	}
	for _, route := range config.Routes {
		required := map[string]string{
			"stream": route.Stream, "subject": route.Subject, "durable": route.Durable,
			"dead": route.Dead, "topic": route.Topic,
		}
		for field, value := range required {
			if value == "" {
				problems = append(problems, fmt.Errorf("the route %q has no %s", route.Message, field))
			}
		}
		if route.MaxPending < 1 {
			problems = append(problems, fmt.Errorf("the route %q has no max_pending", route.Message))
		}
	}
	return config, errors.Join(problems...)
}
