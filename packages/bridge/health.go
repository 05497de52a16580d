package main

import (
	"fmt"
	"strings"
	"time"
)

// Verdict is what `arc health` shows. A warning is about something else than the bridge, or about the past.
type Verdict struct {
	Level string
	Said  string
}

const (
	levelOK      = "ok"
	levelWarning = "warning"
	levelFailed  = "failed"
	// patience is how long a message may wait before something is wrong.
	patience = 5 * time.Second
	// newsAge is for how long a dead letter is news.
	newsAge = time.Hour
)

// judge says how deliveries are. That a server is away or not well is a warning, because that server itself says so as a
// failure, and nothing is lost.
//
// connected: to NATS; reachable: whether something listens at Pulsar's address.
func judge(routes []Facts, connected, reachable bool, now time.Time) Verdict {
	var failures, warnings []string
	var delivered, dead, waiting, behind uint64
	var away, silent, ill uint64
	var fault string
	var lastDead Facts
	for _, route := range routes {
		delivered += route.Delivered
		dead += route.Dead
		behind += route.Behind
		waiting += uint64(route.InFlight)
		late := route.InFlight > 0 && now.Sub(route.Since) > patience
		switch {
		case connected && route.SourceProblem != "":
			failures = append(failures, fmt.Sprintf("%s cannot be read: %s", route.Message, route.SourceProblem))
		case late && !reachable:
			away += uint64(route.InFlight) + route.Behind
		case late && route.Problem != "":
			failures = append(failures, fmt.Sprintf("%d of %s wait: %s", route.InFlight, route.Message, route.Problem))
		case late && route.Fault != "":
			ill += uint64(route.InFlight) + route.Behind
			fault = route.Fault
		case late:
			silent += uint64(route.InFlight) + route.Behind
		}
		if now.Sub(route.LastDead) < newsAge && route.LastDead.After(lastDead.LastDead) {
			lastDead = route
		}
	}
	if !connected {
		warnings = append(warnings, "NATS cannot be reached")
	}
	if away > 0 {
		warnings = append(warnings, fmt.Sprintf("%d wait for Pulsar, which cannot be reached", away))
	}
	if silent > 0 {
		warnings = append(warnings, fmt.Sprintf("%d wait for Pulsar, which does not answer", silent))
	}
	if ill > 0 {
		warnings = append(warnings, fmt.Sprintf("%d wait for Pulsar, which is not well: %s", ill, fault))
	}
	if lastDead.Message != "" {
		warnings = append(warnings, fmt.Sprintf("%d went to dead letters, the last of %s: %s", dead, lastDead.Message, lastDead.DeadWhy))
	}
	said := append(failures, warnings...)
	if len(failures) == 0 && connected && away+silent+ill == 0 {
		said = append(said, fmt.Sprintf("%d delivered, %d on their way", delivered, waiting+behind))
	}
	level := levelOK
	if len(warnings) > 0 {
		level = levelWarning
	}
	if len(failures) > 0 {
		level = levelFailed
	}
	return Verdict{Level: level, Said: strings.Join(said, "; ")}
}
