package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// pages say how the bridge is: `/` while it runs, `/health` in words, `/metrics` for Prometheus, `/status` as JSON.
func pages(shown collector, connected, reachable func() bool) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(shown)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(writer http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(writer, "running")
	})
	mux.HandleFunc("GET /health", func(writer http.ResponseWriter, _ *http.Request) {
		verdict := judge(factsOf(shown.states), connected(), reachable(), time.Now())
		switch verdict.Level {
		case levelWarning:
			writer.Header().Set("arc-health", "warning")
		case levelFailed:
			writer.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprintln(writer, verdict.Said)
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /status", func(writer http.ResponseWriter, _ *http.Request) {
		writer.Header().Set("content-type", "application/json")
		_ = json.NewEncoder(writer).Encode(factsOf(shown.states))
	})
	return mux
}
