package contracts

import (
	"bytes"
	"context"
	"sync"
	"time"

	json "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Envelope is a message as it travels: the JSON of its data, and CloudEvents' attributes as headers (binary mode).
type Envelope struct {
	ID      string
	Headers map[string]string
	Payload []byte
	// Key is the value of the field that orders messages of its contract on Pulsar; "" where it has none.
	Key string
}

// Sending says what there is to say about a message beside its data. The zero value is right for most.
type Sending struct {
	// Role of the sender.
	Role string
	// Keys of users, for messages with personal fields.
	Keys Keys
	// ID is unique unless given. Whoever sends the same again, gives the same.
	ID string
	// Time when it happened; now unless given.
	Time time.Time
}

// Received is a message that arrived, checked against its contract.
type Received[E Event] struct {
	Data E
	// ID is the same where a message is delivered again.
	ID string
	// Source is who sent it: /arc/webhooks
	Source string
	// Time when it happened, as RFC 3339.
	Time  string
	Trace Trace
	// Unreadable are JSON pointers of personal fields that are still encrypted.
	Unreadable []string
}

var writers = sync.Pool{New: func() any { return &Writer{} }}

// One message of many megabytes does not hold its memory for ever.
const largestKept = 1 << 16

func giveBack(writer *Writer) {
	if cap(writer.text) <= largestKept && cap(writer.sealing.sealed) <= largestKept {
		writers.Put(writer)
	}
}

// Encode returns the message that says data, or a Problem: Invalid with the path of the field, NoKeys.
func Encode[E Event](ctx context.Context, data E, sending Sending) (*Envelope, error) {
	c := data.Contract()
	writer := writers.Get().(*Writer)
	defer giveBack(writer)
	writer.reset()
	data.WriteJSON(writer)
	if writer.refused {
		return nil, problemOf(c, data)
	}
	payload, err := sealPersonal(ctx, c, writer, sending.Keys)
	if err != nil {
		return nil, err
	}
	envelope := &Envelope{Payload: payload, Key: writer.key}
	if !writer.hasKey {
		envelope.Key = keyOf(c, payload)
	}
	envelope.describe(ctx, c, sending)
	return envelope, nil
}

// problemOf says what is wrong with data that its writer refused.
func problemOf(c *Contract, data Event) *Problem {
	payload, err := json.Marshal(data)
	if err != nil {
		return &Problem{Code: Invalid, Contract: c.Name, Message: "it cannot be written as JSON", Cause: err}
	}
	if found := c.Schema.Check(payload, Publishing); found != nil {
		return &Problem{Code: Invalid, Contract: c.Name, Path: found.Path, Message: found.Message}
	}
	return &Problem{Code: Invalid, Contract: c.Name, Message: "it breaks its contract"}
}

// describe sets CloudEvents' attributes and the trace.
func (e *Envelope) describe(ctx context.Context, c *Contract, sending Sending) {
	trace, hasTrace := traceIn(ctx)
	if sending.Time.IsZero() {
		sending.Time = time.Now()
	}
	// One text for all that are new, since each is a piece of it: most of the cost is in asking for memory.
	var space [160]byte
	text := appendTime(space[:0], sending.Time)
	timeEnd := len(text)
	text = append(append(text, "/arc/"...), sending.Role...)
	sourceEnd := len(text)
	if sending.ID == "" {
		text = appendID(text)
	}
	idEnd := len(text)
	if !hasTrace {
		text = appendTraceParent(text)
	}
	all := string(text)
	if e.ID = sending.ID; e.ID == "" {
		e.ID = all[sourceEnd:idEnd]
	}
	if !hasTrace {
		trace.Parent = all[idEnd:]
	}
	e.Headers = make(map[string]string, 8)
	e.Headers["ce-specversion"] = "1.0"
	e.Headers["ce-id"] = e.ID
	e.Headers["ce-type"] = c.Event
	e.Headers["ce-source"] = all[timeEnd:sourceEnd]
	e.Headers["ce-time"] = all[:timeEnd]
	e.Headers["ce-datacontenttype"] = "application/json"
	e.Headers["traceparent"] = trace.Parent
	if trace.State != "" {
		e.Headers["tracestate"] = trace.State
	}
}

// appendTime writes a time as CloudEvents and every language's client have it: 2026-01-31T13:30:00.000Z
func appendTime(into []byte, moment time.Time) []byte {
	moment = moment.UTC()
	// Go writes this layout many times as quickly as one with a fraction.
	into = moment.AppendFormat(into, time.RFC3339)
	milliseconds := moment.Nanosecond() / 1e6
	into[len(into)-1] = '.'
	return append(into, byte('0'+milliseconds/100), byte('0'+milliseconds/10%10), byte('0'+milliseconds%10), 'Z')
}

// Decode reads a message, or returns a Problem: Invalid with the path of the field, Damaged. An error of keys is the
// keys' own.
func Decode[E Event](ctx context.Context, payload []byte, header func(string) string, keys Keys) (*Received[E], error) {
	c := Of[E]()
	opened, unreadable, err := openPersonal(ctx, c, payload, keys)
	if err != nil {
		return nil, err
	}
	if found := c.Schema.Check(opened, Receiving); found != nil {
		return nil, &Problem{Code: Invalid, Contract: c.Name, Path: found.Path, Message: found.Message}
	}
	received := &Received[E]{
		ID: header("ce-id"), Source: header("ce-source"), Time: header("ce-time"), Unreadable: unreadable,
		Trace: Trace{Parent: header("traceparent"), State: header("tracestate")},
	}
	if received.ID == "" {
		received.ID = string(appendID(nil))
	}
	if received.Trace.Parent == "" {
		received.Trace = newTrace()
	}
	if err := json.Unmarshal(opened, &received.Data); err != nil {
		return nil, &Problem{Code: Invalid, Contract: c.Name, Message: "it does not fit its type", Cause: err}
	}
	return received, nil
}

// keyOf reads the key of a message whose writer does not know it, because it is encrypted.
func keyOf(c *Contract, payload []byte) string {
	if c.Pulsar == nil || c.Pulsar.Key == "" {
		return ""
	}
	decoder := jsontext.NewDecoder(bytes.NewBuffer(payload))
	for _, wanted := range namesOf(c.Pulsar.Key) {
		if token, err := decoder.ReadToken(); err != nil || token.Kind() != '{' {
			return ""
		}
		for {
			name, err := decoder.ReadToken()
			if err != nil || name.Kind() != '"' {
				return ""
			}
			if name.String() == wanted {
				break
			}
			if decoder.SkipValue() != nil {
				return ""
			}
		}
	}
	value, err := decoder.ReadToken()
	if err != nil || value.Kind() != '"' && value.Kind() != '0' {
		return ""
	}
	return value.String()
}
