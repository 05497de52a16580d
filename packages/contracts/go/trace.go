package contracts

import (
	"context"
)

// Trace is the context of a trace, as W3C Trace Context writes it in headers.
type Trace struct {
	Parent, State string
}

type traceKey struct{}

// WithTrace returns a context whose messages belong to a trace. Handlers get one.
func WithTrace(ctx context.Context, trace Trace) context.Context {
	return context.WithValue(ctx, traceKey{}, trace)
}

// TraceOf returns the trace of a context, and begins one where it has none.
func TraceOf(ctx context.Context) Trace {
	if trace, ok := traceIn(ctx); ok {
		return trace
	}
	return newTrace()
}

func traceIn(ctx context.Context) (Trace, bool) {
	trace, ok := ctx.Value(traceKey{}).(Trace)
	return trace, ok && trace.Parent != ""
}

func newTrace() Trace { return Trace{Parent: string(appendTraceParent(nil))} }
