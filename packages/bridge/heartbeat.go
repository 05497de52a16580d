package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"runtime"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// heartbeatEvery is the time between two heartbeats.
	heartbeatEvery = 30 * time.Second
	// connectionEvery is how often the bridge looks for a connection before its first heartbeat, and after it lost one.
	connectionEvery = time.Second
)

// Heartbeats says where heartbeats go. Without a subject the contracts have no such message.
type Heartbeats struct {
	Subject string `json:"subject"`
	// Event is the `ce-type` of the message.
	Event string `json:"event"`
}

// heartbeat is the message `health-heartbeat` of the contracts.
type heartbeat struct {
	Service   string             `json:"service"`
	Timestamp string             `json:"timestamp"`
	Status    string             `json:"status"`
	Metrics   map[string]float64 `json:"metrics"`
}

var statuses = map[string]string{levelOK: "healthy", levelWarning: "degraded", levelFailed: "unhealthy"}

func heartbeatOf(verdict Verdict, routes []Facts, now time.Time) heartbeat {
	metrics := map[string]float64{"delivered": 0, "waiting": 0, "dead_letters": 0}
	for _, route := range routes {
		metrics["delivered"] += float64(route.Delivered)
		metrics["waiting"] += float64(route.InFlight) + float64(route.Behind)
		metrics["dead_letters"] += float64(route.Dead)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	metrics["memory_mb"] = float64(memory.Sys >> 20)
	return heartbeat{
		Service: "arc-bridge", Timestamp: now.UTC().Format(time.RFC3339Nano),
		Status: statuses[verdict.Level], Metrics: metrics,
	}
}

// messageOf makes a heartbeat a CloudEvent in binary mode, as all events on NATS are.
func messageOf(to Heartbeats, beat heartbeat) (*nats.Msg, error) {
	body, err := json.Marshal(beat)
	if err != nil {
		return nil, err
	}
	message := nats.NewMsg(to.Subject)
	message.Data = body
	for name, value := range map[string]string{
		"ce-specversion": "1.0", "ce-id": rand.Text(), "ce-type": to.Event, "ce-source": "/arc/bridge",
		"ce-time": beat.Timestamp, "ce-datacontenttype": "application/json",
	} {
		message.Header.Set(name, value)
	}
	return message, nil
}

// sendHeartbeats sends one every 30 s while there is a connection, until the context ends. A missing heartbeat says that
// the bridge is away, so none is kept for later.
func sendHeartbeats(ctx context.Context, connection *nats.Conn, to Heartbeats, now func() heartbeat) {
	for {
		pause := connectionEvery
		if connection.IsConnected() {
			message, err := messageOf(to, now())
			if err == nil {
				err = connection.PublishMsg(message)
			}
			if err == nil {
				pause = heartbeatEvery
			} else {
				slog.Warn("a heartbeat was not sent", "error", err)
			}
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}
