package contracts_test

import (
	"testing"

	json "github.com/go-json-experiment/json"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
	"github.com/arc-framework/arc/packages/contracts/go/events/agent"
)

// What a contract costs a message, beside what its JSON costs anyway:
//
//	go test -run '^$' -bench . -benchmem

func BenchmarkEncode(b *testing.B) {
	b.Run("agent-lifecycle", func(b *testing.B) { encodes(b, lifecycle(b)) })
	b.Run("conversation, two fields encrypted", func(b *testing.B) { encodes(b, conversation(b)) })
}

func encodes[E contracts.Event](b *testing.B, data E) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := contracts.Encode(b.Context(), data, contracts.Sending{Role: "agent", Keys: oneKey{}}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJSONAlone(b *testing.B) {
	b.Run("agent-lifecycle", func(b *testing.B) { marshals(b, lifecycle(b)) })
	b.Run("conversation", func(b *testing.B) { marshals(b, conversation(b)) })
}

func marshals(b *testing.B, data any) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(data); err != nil {
			b.Fatal(err)
		}
	}
}

func read[E contracts.Event](t testing.TB, text string) (data E) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &data); err != nil {
		t.Fatal(err)
	}
	return data
}

func lifecycle(t testing.TB) agent.AgentLifecycle {
	return read[agent.AgentLifecycle](t, `{
		"schema": "agent-lifecycle-v1", "message_id": "msg-550e8400-e29b-41d4-a716-446655440003",
		"timestamp": "2025-12-14T13:00:00.000Z", "event_type": "service_started",
		"service": { "name": "agent", "instance_id": "agent-7f8d9c5b6-xk2lm", "version": "1.2.3", "node": "node-1" },
		"event_details": { "type": "startup", "reason": "deployment", "previous_state": "stopped", "current_state": "running" },
		"health": { "cpu_limit": "2", "memory_limit": "2Gi", "initial_goroutines": 42, "dependencies_healthy": true }
	}`)
}

func conversation(t testing.TB) agent.Conversation {
	return read[agent.Conversation](t, `{
		"schema": "conversation-v1", "message_id": "msg-550e8400-e29b-41d4-a716-446655440000",
		"timestamp": "2025-12-14T13:30:06.500Z", "event_type": "conversation_turn_completed",
		"conversation": {
			"id": "conv-789", "session_id": "session-456", "user_id": "user-123", "agent_id": "arc-scarlett-voice", "turn_index": 3
		},
		"user_message": {
			"text": "What's the weather like today?", "audio_duration_ms": 1200, "stt_model": "whisper-large-v3",
			"stt_confidence": 0.98, "stt_latency_ms": 150
		},
		"agent_response": {
			"text": "It's currently 68°F and sunny in San Francisco. Perfect weather for outdoor activities!",
			"llm_model": "gpt-4-turbo", "llm_tokens_used": 45, "llm_latency_ms": 450
		},
		"performance": { "total_latency_ms": 800, "stt_latency_ms": 150, "llm_latency_ms": 450, "tts_latency_ms": 200 },
		"metadata": {
			"room_name": "room-user-123-session-456", "trace_id": "550e8400-e29b-41d4-a716-446655440000",
			"environment": "production", "region": "us-west-2"
		}
	}`)
}
