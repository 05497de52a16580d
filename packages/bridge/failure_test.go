package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestWhatPulsarSaysOfItselfIsNoRefusal(t *testing.T) {
	for text, want := range map[string]Facts{
		"server error: PersistenceError: not enough non-faulty bookies": {Failures: 1, Fault: "server error: PersistenceError: not enough non-faulty bookies"},
		"server error: ServiceNotReady: the namespace is being loaded":  {Failures: 1, Fault: "server error: ServiceNotReady: the namespace is being loaded"},
		"server error: IncompatibleSchema: no":                          {Failures: 1, Problem: "server error: IncompatibleSchema: no"},
		"message send timed out":                                        {Failures: 1},
	} {
		var facts Facts
		facts.fail(errors.New(text))
		if facts != want {
			t.Errorf("%s: got %+v, want %+v", text, facts, want)
		}
	}
}

func TestTheLastWordOfPulsarCounts(t *testing.T) {
	facts := Facts{Problem: "IncompatibleSchema"}
	facts.fail(faultError{errors.New("500")})
	facts.fail(fmt.Errorf("asking: %w", context.DeadlineExceeded))
	if facts.Problem != "" || facts.Fault != "500" {
		t.Errorf("%+v", facts)
	}
}

func TestARegistryThatFailsIsAFaultAndOneThatRefusesIsNot(t *testing.T) {
	for status, want := range map[int]bool{
		http.StatusInternalServerError: true, http.StatusServiceUnavailable: true, http.StatusForbidden: false,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, _ *http.Request) {
			writer.WriteHeader(status)
		}))
		_, err := schemaOf(server.URL, "persistent://arc/events/turn")
		server.Close()
		if err == nil || isFault(err) != want {
			t.Errorf("%d: %v", status, err)
		}
	}
}
