// Command bridge moves what contracts declare from streams of NATS to topics of Pulsar.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// wrongConfiguration is the exit status where another start would not help.
const wrongConfiguration = 2

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	if len(os.Args) == 3 && os.Args[1] == "ask" {
		os.Exit(ask(os.Args[2]))
	}
	config, err := ReadConfig(os.Getenv("BRIDGE_CONFIG"))
	if err != nil {
		slog.Error("the configuration is wrong", "error", err)
		os.Exit(wrongConfiguration)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := serve(ctx, config); err != nil {
		slog.Error("stopped", "error", err)
		os.Exit(1)
	}
}

// ask is the health check inside the container, whose image has no other program.
func ask(url string) int {
	client := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{Proxy: nil}}
	answer, err := client.Get(url)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		fmt.Fprintln(os.Stderr, answer.Status)
		return 1
	}
	return 0
}

func serve(ctx context.Context, config Config) error {
	connection, err := connectNATS(config.NATS, os.Getenv("NATS_SEED_FILE"))
	if err != nil {
		return fmt.Errorf("NATS: %w", err)
	}
	defer connection.Close()
	js, err := jetstream.New(connection)
	if err != nil {
		return err
	}
	client, err := connectPulsar(config.Pulsar)
	if err != nil {
		return fmt.Errorf("Pulsar: %w", err)
	}
	defer client.Close()
	spans := newOutbox(os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"))
	var sending sync.WaitGroup
	sending.Go(func() { spans.Run(ctx) })
	var states []*State
	var work sync.WaitGroup
	for _, route := range config.Routes {
		contract, err := NewContract(route)
		if err != nil {
			return err
		}
		state := newState(route.Message)
		states = append(states, state)
		one := &bridge{
			route:    route,
			contract: contract,
			state:    state,
			spans:    spans,
			openSource: func(ctx context.Context) (Source, time.Duration, error) {
				return openSource(ctx, js, route)
			},
			openSink: func(identity string, lane int) (Sink, error) {
				return openSink(client, config.Admin, route, producerName(route, identity, lane))
			},
			bury: func(ctx context.Context, job job) error {
				return putAside(ctx, js, route, job.message, job.violation)
			},
		}
		work.Go(func() { one.run(ctx) })
	}
	reachable := func() bool { return answers(config.Pulsar) }
	if config.Heartbeats.Subject != "" {
		work.Go(func() {
			sendHeartbeats(ctx, connection, config.Heartbeats, func() heartbeat {
				facts, now := factsOf(states), time.Now()
				return heartbeatOf(judge(facts, connection.IsConnected(), reachable(), now), facts, now)
			})
		})
	}
	server := &http.Server{
		Addr:              fmt.Sprintf(":%d", config.Port),
		Handler:           pages(collector{states: states, spans: spans.Counts}, connection.IsConnected, reachable),
		ReadHeaderTimeout: 5 * time.Second,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	work.Wait()
	sending.Wait()
	_ = connection.Flush()
	return errors.Join(server.Close())
}
