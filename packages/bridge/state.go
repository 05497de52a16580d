package main

import (
	"sync"
	"time"
)

// State is what is known of one route: for health and metrics.
type State struct {
	mutex  sync.Mutex
	facts  Facts
	flight *flight
}

// Facts of one route.
type Facts struct {
	Message string `json:"message"`
	// Delivered counts messages that Pulsar has acknowledged.
	Delivered uint64 `json:"delivered"`
	// Dead counts messages that did not satisfy their schema.
	Dead     uint64    `json:"dead"`
	LastDead time.Time `json:"last_dead"`
	DeadWhy  string    `json:"dead_why,omitempty"`
	// Failures counts attempts that were made again.
	Failures uint64 `json:"failures"`
	// Repeated counts messages that NATS delivered although Pulsar has them.
	Repeated uint64 `json:"repeated"`
	// InFlight is how many messages wait for Pulsar, and Since when the oldest does.
	InFlight int       `json:"in_flight"`
	Since    time.Time `json:"since"`
	// Behind is how many messages of the stream the bridge has not read.
	Behind uint64 `json:"behind"`
	// SourceProblem says why the stream cannot be read; empty while it can.
	SourceProblem string `json:"source_problem,omitempty"`
	// Problem is what Pulsar said when it refused a message; empty where it said nothing.
	Problem string `json:"problem,omitempty"`
	// Fault is what Pulsar said of itself when it could not take a message, such as that it cannot write.
	Fault string `json:"fault,omitempty"`
}

func newState(message string) *State {
	return &State{facts: Facts{Message: message}, flight: newFlight()}
}

func (state *State) change(change func(facts *Facts)) {
	state.mutex.Lock()
	defer state.mutex.Unlock()
	change(&state.facts)
}

// fail tells why an attempt failed. Silence changes nothing: whoever said something before has not taken it back.
func (facts *Facts) fail(err error) {
	facts.Failures++
	switch {
	case isSilence(err):
	case isFault(err):
		facts.Fault, facts.Problem = err.Error(), ""
	default:
		facts.Fault, facts.Problem = "", err.Error()
	}
}

// Facts returns a copy.
func (state *State) Facts() Facts {
	state.mutex.Lock()
	defer state.mutex.Unlock()
	facts := state.facts
	facts.InFlight, facts.Since = state.flight.size()
	return facts
}

// factsOf returns the facts of all routes.
func factsOf(states []*State) []Facts {
	all := make([]Facts, 0, len(states))
	for _, state := range states {
		all = append(all, state.Facts())
	}
	return all
}
