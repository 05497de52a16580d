// Shows what NATS says at its monitoring port as metrics of Prometheus, by the names and with the flags of
// prometheus-nats-exporter, whose module the Go proxy does not have everywhere: those metrics of it that arc declares.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// Nobody waits longer for metrics.
const longest = 5 * time.Second

// A server with thousands of streams says less than this.
const largestAnswer = 16 << 20

type varz struct {
	Name          string `json:"server_name"`
	Memory        int64  `json:"mem"`
	Connections   int64  `json:"connections"`
	InMessages    int64  `json:"in_msgs"`
	OutMessages   int64  `json:"out_msgs"`
	InBytes       int64  `json:"in_bytes"`
	OutBytes      int64  `json:"out_bytes"`
	SlowConsumers int64  `json:"slow_consumers"`
}

type jsz struct {
	Streams   int64 `json:"streams"`
	Consumers int64 `json:"consumers"`
	Messages  int64 `json:"messages"`
	Bytes     int64 `json:"bytes"`
	Accounts  []struct {
		Name    string `json:"name"`
		Streams []struct {
			Name  string `json:"name"`
			State struct {
				Messages int64 `json:"messages"`
				Bytes    int64 `json:"bytes"`
			} `json:"state"`
			Consumers []struct {
				Name           string `json:"name"`
				NumPending     int64  `json:"num_pending"`
				NumAckPending  int64  `json:"num_ack_pending"`
				NumRedelivered int64  `json:"num_redelivered"`
			} `json:"consumer_detail"`
		} `json:"stream_detail"`
	} `json:"account_details"`
}

func ask(client *http.Client, url string, into any) error {
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, response.Status)
	}
	return json.NewDecoder(io.LimitReader(response.Body, largestAnswer)).Decode(into)
}

// writer writes one TYPE line for each name, and then its values.
type writer struct {
	out  io.Writer
	seen map[string]bool
}

func (w *writer) gauge(name string, value int64, labels ...string) {
	if !w.seen[name] {
		w.seen[name] = true
		fmt.Fprintf(w.out, "# TYPE %s gauge\n", name)
	}
	io.WriteString(w.out, name)
	for i := 0; i+1 < len(labels); i += 2 {
		open := ","
		if i == 0 {
			open = "{"
		}
		fmt.Fprintf(w.out, "%s%s=%s", open, labels[i], strconv.Quote(labels[i+1]))
	}
	if len(labels) > 0 {
		io.WriteString(w.out, "}")
	}
	fmt.Fprintf(w.out, " %d\n", value)
}

func writeMetrics(out io.Writer, v varz, j jsz) {
	w := &writer{out: out, seen: map[string]bool{}}
	server := []string{"server_id", v.Name}
	w.gauge("gnatsd_varz_mem", v.Memory, server...)
	w.gauge("gnatsd_varz_connections", v.Connections, server...)
	w.gauge("gnatsd_varz_in_msgs", v.InMessages, server...)
	w.gauge("gnatsd_varz_out_msgs", v.OutMessages, server...)
	w.gauge("gnatsd_varz_in_bytes", v.InBytes, server...)
	w.gauge("gnatsd_varz_out_bytes", v.OutBytes, server...)
	w.gauge("gnatsd_varz_slow_consumers", v.SlowConsumers, server...)
	w.gauge("jetstream_server_total_streams", j.Streams, server...)
	w.gauge("jetstream_server_total_consumers", j.Consumers, server...)
	w.gauge("jetstream_server_total_messages", j.Messages, server...)
	w.gauge("jetstream_server_total_message_bytes", j.Bytes, server...)
	type each func(account string, stream int, name string)
	streams := func(visit each) {
		for _, account := range j.Accounts {
			for i, stream := range account.Streams {
				visit(account.Name, i, stream.Name)
			}
		}
	}
	byName := map[string]int{}
	for i, account := range j.Accounts {
		byName[account.Name] = i
	}
	streams(func(account string, i int, name string) {
		state := j.Accounts[byName[account]].Streams[i].State
		w.gauge("jetstream_stream_total_messages", state.Messages, "account", account, "stream_name", name)
	})
	streams(func(account string, i int, name string) {
		state := j.Accounts[byName[account]].Streams[i].State
		w.gauge("jetstream_stream_total_bytes", state.Bytes, "account", account, "stream_name", name)
	})
	consumers := func(metric string, value func(pending, ack, redelivered int64) int64) {
		streams(func(account string, i int, name string) {
			for _, c := range j.Accounts[byName[account]].Streams[i].Consumers {
				w.gauge(metric, value(c.NumPending, c.NumAckPending, c.NumRedelivered),
					"account", account, "stream_name", name, "consumer_name", c.Name)
			}
		})
	}
	consumers("jetstream_consumer_num_pending", func(pending, _, _ int64) int64 { return pending })
	consumers("jetstream_consumer_num_ack_pending", func(_, ack, _ int64) int64 { return ack })
	consumers("jetstream_consumer_num_redelivered", func(_, _, again int64) int64 { return again })
}

func handler(client *http.Client, server string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		var v varz
		var j jsz
		if err := ask(client, server+"/varz", &v); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		if err := ask(client, server+"/jsz?consumers=true", &j); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		writeMetrics(w, v, j)
	})
	return mux
}

func main() {
	port := flag.Int("port", 7777, "port to listen on")
	flag.Bool("varz", true, "general metrics, which are always shown")
	flag.String("jsz", "all", "metrics of JetStream, which are always shown")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("name the monitoring address of NATS, such as http://arc-messaging:8222")
	}
	// A proxy is for what is outside of the stack's network.
	client := &http.Client{Timeout: longest, Transport: &http.Transport{Proxy: nil}}
	server := &http.Server{Handler: handler(client, flag.Arg(0)), ReadHeaderTimeout: longest}
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		server.Close()
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
