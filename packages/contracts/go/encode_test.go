package contracts_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	json "github.com/go-json-experiment/json"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
	"github.com/arc-framework/arc/packages/contracts/go/events/agent"
	"github.com/arc-framework/arc/packages/contracts/go/events/analytics"
	"github.com/arc-framework/arc/packages/contracts/go/events/audit"
	"github.com/arc-framework/arc/packages/contracts/go/events/system"
)

// oneKey is the key of every user.
type oneKey struct{}

func (oneKey) OfUser(context.Context, string) (contracts.UserKey, error) {
	return contracts.UserKey{ID: "8f14e45f-ceea-467f-a0e6-1d2c3b4a5968", Key: bytes.Repeat([]byte{7}, 32)}, nil
}

func (oneKey) ByID(context.Context, string) ([]byte, error) { return bytes.Repeat([]byte{7}, 32), nil }

func TestGeneratedWritersAgreeWithTheSchema(t *testing.T) {
	agrees[agent.AgentLifecycle](t)
	agrees[agent.BrainError](t)
	agrees[agent.BrainRequest](t)
	agrees[agent.BrainResponse](t)
	agrees[agent.Conversation](t)
	agrees[agent.LivekitWebhook](t)
	agrees[agent.TtsCompleted](t)
	agrees[agent.TtsRequest](t)
	agrees[agent.VoiceSessionEnded](t)
	agrees[agent.VoiceSessionStarted](t)
	agrees[agent.VoiceTrackPublished](t)
	agrees[agent.VoiceTrackUnpublished](t)
	agrees[analytics.AgentPerformance](t)
	agrees[analytics.SessionMetrics](t)
	agrees[audit.ComplianceEvent](t)
	agrees[system.HealthHeartbeat](t)
	agrees[system.ServiceError](t)
}

// agrees compares what the generated code says of many made-up messages with what the schema itself says of their JSON.
func agrees[E contracts.Event](t *testing.T) {
	c := contracts.Of[E]()
	kept, broken := 0, 0
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var data E
		text, err := json.Marshal(c.Schema.Sample(random))
		if err == nil {
			err = json.Unmarshal(text, &data)
		}
		if err != nil {
			t.Fatal(err)
		}
		// What a struct has no room for, is gone by now; the order is that of the struct.
		if text, err = json.Marshal(data, json.Deterministic(true)); err != nil {
			t.Fatal(err)
		}
		found := c.Schema.Check(text, contracts.Publishing)
		envelope, err := contracts.Encode(t.Context(), data, contracts.Sending{Role: "desk", Keys: oneKey{}})
		if found != nil {
			broken++
			var problem *contracts.Problem
			if !errors.As(err, &problem) || problem.Code != contracts.Invalid || problem.Message == "it breaks its contract" {
				t.Fatalf("%s: %v, and not %v", text, err, found)
			}
			// Maps have no order, so which of two wrong values is found first is not known.
			if !hasMap(reflect.TypeFor[E]()) && (problem.Path != found.Path || problem.Message != found.Message) {
				t.Fatalf("%s: %v, and not %v", text, problem, found)
			}
			continue
		}
		kept++
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if c.Personal == nil && !hasMap(reflect.TypeFor[E]()) && !bytes.Equal(envelope.Payload, text) {
			t.Fatalf("%s\nis written as\n%s", text, envelope.Payload)
		}
		header := func(name string) string { return envelope.Headers[name] }
		received, err := contracts.Decode[E](t.Context(), envelope.Payload, header, oneKey{})
		if err != nil {
			t.Fatalf("%s: %v", envelope.Payload, err)
		}
		if len(received.Unreadable) > 0 || !reflect.DeepEqual(received.Data, data) {
			t.Fatalf("%s\narrives as\n%+v", text, received)
		}
	}
	if kept < 50 || broken < 50 {
		t.Fatalf("%s: %d good and %d broken messages say little", c.Name, kept, broken)
	}
}

func hasMap(of reflect.Type) bool {
	switch of.Kind() {
	case reflect.Map:
		return true
	case reflect.Pointer, reflect.Slice:
		return hasMap(of.Elem())
	case reflect.Struct:
		for at := range of.NumField() {
			if hasMap(of.Field(at).Type) {
				return true
			}
		}
	}
	return false
}

func TestWhatHasNoJSONIsRefusedWithoutAPath(t *testing.T) {
	turn := conversation(t)
	notANumber := math.NaN()
	turn.UserMessage.SttConfidence = &notANumber
	for _, break_ := range []func(*agent.Conversation){
		func(*agent.Conversation) {},
		func(turn *agent.Conversation) { turn.UserMessage.SttConfidence, turn.MessageId = nil, "\xff" },
	} {
		break_(&turn)
		_, err := contracts.Encode(t.Context(), turn, contracts.Sending{Keys: oneKey{}})
		if err == nil || err.Error() != "conversation: it cannot be written as JSON" {
			t.Error(err)
		}
	}
}

func TestPersonalFieldsNeedAUserAndKeys(t *testing.T) {
	turn := conversation(t)
	var problem *contracts.Problem
	_, err := contracts.Encode(t.Context(), turn, contracts.Sending{})
	if !errors.As(err, &problem) || problem.Code != contracts.NoKeys {
		t.Error(err)
	}
	turn.Conversation.UserId = ""
	_, err = contracts.Encode(t.Context(), turn, contracts.Sending{})
	if !errors.As(err, &problem) || problem.Code != contracts.Invalid || problem.Path != "/conversation/user_id" {
		t.Error(err)
	}
}

func TestMessagesOfManyThreadsAreTheirOwn(t *testing.T) {
	var senders sync.WaitGroup
	for sender := range 8 {
		senders.Go(func() {
			turn := conversation(t)
			for number := range 200 {
				turn.Conversation.UserId = fmt.Sprintf("user-%d", sender)
				turn.UserMessage.Text = strings.Repeat("said ", number%7) + turn.Conversation.UserId
				envelope, err := contracts.Encode(t.Context(), turn, contracts.Sending{Keys: oneKey{}})
				if err != nil {
					t.Error(err)
					return
				}
				// Others write meanwhile.
				runtime.Gosched()
				header := func(name string) string { return envelope.Headers[name] }
				received, err := contracts.Decode[agent.Conversation](t.Context(), envelope.Payload, header, oneKey{})
				if err != nil || envelope.Key != turn.Conversation.UserId || !reflect.DeepEqual(received.Data, turn) {
					t.Errorf("%s arrives as %+v: %v", envelope.Payload, received, err)
					return
				}
			}
		})
	}
	senders.Wait()
}

func TestHeadersAndKey(t *testing.T) {
	moment := time.Date(2026, 1, 31, 14, 30, 0, 7_999_999, time.FixedZone("", 3600))
	envelope, err := contracts.Encode(t.Context(), conversation(t), contracts.Sending{Role: "agent", Keys: oneKey{}, Time: moment})
	if err != nil {
		t.Fatal(err)
	}
	if envelope.Key != "user-123" {
		t.Error(envelope.Key)
	}
	for name, wanted := range map[string]string{
		"ce-specversion":     `1\.0`,
		"ce-id":              `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`,
		"ce-type":            `arc\.agent\.conversation\.v1`,
		"ce-source":          `/arc/agent`,
		"ce-time":            `2026-01-31T13:30:00\.007Z`,
		"ce-datacontenttype": `application/json`,
		"traceparent":        `00-[0-9a-f]{32}-[0-9a-f]{16}-01`,
	} {
		if !regexp.MustCompile("^" + wanted + "$").MatchString(envelope.Headers[name]) {
			t.Errorf("%s: %s", name, envelope.Headers[name])
		}
	}
	if len(envelope.Headers) != 7 || envelope.ID != envelope.Headers["ce-id"] {
		t.Error(envelope.Headers)
	}
}
