package main

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
)

// isSilence says whether nobody answered, which is no refusal.
func isSilence(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) ||
		strings.Contains(err.Error(), "timed out") || strings.Contains(err.Error(), "TimeoutError") ||
		strings.Contains(err.Error(), "connection")
}

// faultError is an answer by which a server says that it is not well: 500 and above of its REST API.
type faultError struct {
	error
}

// brokerFaults are the errors of Pulsar's protocol by which a broker says that it, or its bookie, is not well. Others are
// about the message, the topic or the rights of the bridge.
//
// Source: ServerError in PulsarApi.proto.
var brokerFaults = []string{"MetadataError", "PersistenceError", "ServiceNotReady", "TooManyRequests"}

// isFault says whether Pulsar could not take a message because it is not well. It says so itself as a failure, and takes
// the message once it is well.
func isFault(err error) bool {
	var fault faultError
	return errors.As(err, &fault) || slices.ContainsFunc(brokerFaults, func(name string) bool {
		return strings.Contains(err.Error(), name)
	})
}
