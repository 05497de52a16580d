package main

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// serviceName is the bridge's in traces.
const serviceName = "arc-bridge"

// The numbers of OTLP's enumerations.
const (
	kindProducer = 4
	statusError  = 2
)

type object = map[string]any

// otlpBody is the body of POST /v1/traces: OTLP in JSON, where ids are hexadecimal and 64-bit numbers are texts.
func otlpBody(spans []*Span) ([]byte, error) {
	written := make([]object, 0, len(spans))
	for _, span := range spans {
		one := object{
			"traceId": span.TraceID, "spanId": span.SpanID, "name": span.Name, "kind": kindProducer,
			"startTimeUnixNano": strconv.FormatInt(span.Start.UnixNano(), 10),
			"endTimeUnixNano":   strconv.FormatInt(span.End.UnixNano(), 10),
			"attributes":        attributesOf(span.Attributes),
		}
		if span.ParentID != "" {
			one["parentSpanId"] = span.ParentID
		}
		if span.Error != "" {
			one["status"] = object{"code": statusError, "message": span.Error}
		}
		written = append(written, one)
	}
	return json.Marshal(object{"resourceSpans": []object{{
		"resource":   object{"attributes": attributesOf(object{"service.name": serviceName})},
		"scopeSpans": []object{{"scope": object{"name": "arc"}, "spans": written}},
	}}})
}

func attributesOf(values object) []object {
	written := make([]object, 0, len(values))
	for key, value := range values {
		switch value := value.(type) {
		case int:
			written = append(written, object{"key": key, "value": object{"intValue": strconv.Itoa(value)}})
		case bool:
			written = append(written, object{"key": key, "value": object{"boolValue": value}})
		default:
			written = append(written, object{"key": key, "value": object{"stringValue": fmt.Sprint(value)}})
		}
	}
	return written
}

// rejectedIn says how many spans the receiver did not take although it answered well.
func rejectedIn(answer []byte) uint64 {
	var said struct {
		PartialSuccess struct {
			RejectedSpans json.Number `json:"rejectedSpans"`
		} `json:"partialSuccess"`
	}
	if json.Unmarshal(answer, &said) != nil {
		// An answer that is not JSON says nothing about single spans; its status does.
		return 0
	}
	count, _ := strconv.ParseUint(said.PartialSuccess.RejectedSpans.String(), 10, 64)
	return count
}
