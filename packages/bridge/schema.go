package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/apache/pulsar-client-go/pulsar"
)

// record is the schema of a topic as the registry has it, word for word. It has no part in encoding: what the bridge
// moves is encoded already, and was checked against the contract.
type record struct {
	info pulsar.SchemaInfo
}

func (record *record) Encode(any) ([]byte, error)        { return nil, pulsar.ErrSchema }
func (record *record) Decode([]byte, any) error          { return pulsar.ErrSchema }
func (record *record) Validate([]byte) error             { return nil }
func (record *record) GetSchemaInfo() *pulsar.SchemaInfo { return &record.info }

var admins = http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{Proxy: nil}}

// schemaOf asks the registry for the schema of a topic, since a broker that enforces schemas refuses a producer
// without. It returns nil where the topic has none.
func schemaOf(admin, topic string) (pulsar.Schema, error) {
	address := strings.TrimPrefix(topic, "persistent://")
	answer, err := admins.Get(admin + "/admin/v2/schemas/" + address + "/schema")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusNotFound {
		return nil, nil
	}
	if answer.StatusCode >= http.StatusInternalServerError {
		return nil, faultError{fmt.Errorf("the schema of %s: %s", topic, answer.Status)}
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the schema of %s: %s", topic, answer.Status)
	}
	var found struct {
		Type       string            `json:"type"`
		Data       string            `json:"data"`
		Properties map[string]string `json:"properties"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
		return nil, fmt.Errorf("the schema of %s: %w", topic, err)
	}
	if found.Type != "JSON" {
		return nil, fmt.Errorf("the schema of %s is of the type %s, and messages are JSON", topic, found.Type)
	}
	return &record{info: pulsar.SchemaInfo{
		Name: address, Type: pulsar.JSON, Schema: found.Data, Properties: found.Properties,
	}}, nil
}
