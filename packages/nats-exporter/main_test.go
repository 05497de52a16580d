package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func read(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestShowsWhatTheServerSays(t *testing.T) {
	nats := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/varz" {
			io.WriteString(w, `{"server_name":"flash","mem":9,"connections":2,"in_msgs":7}`)
			return
		}
		io.WriteString(w, `{"streams":1,"account_details":[{"name":"ARC","stream_detail":[{"name":"agent","state":{"messages":5},
			"consumer_detail":[{"name":"a\"b","num_pending":3}]}]}]}`)
	}))
	defer nats.Close()
	exporter := httptest.NewServer(handler(http.DefaultClient, nats.URL))
	defer exporter.Close()
	status, text := read(t, exporter.URL+"/metrics")
	if status != http.StatusOK {
		t.Fatalf("answers %d", status)
	}
	for _, line := range []string{
		"# TYPE gnatsd_varz_connections gauge\ngnatsd_varz_connections{server_id=\"flash\"} 2\n",
		"jetstream_server_total_streams{server_id=\"flash\"} 1\n",
		"jetstream_stream_total_messages{account=\"ARC\",stream_name=\"agent\"} 5\n",
		"jetstream_consumer_num_pending{account=\"ARC\",stream_name=\"agent\",consumer_name=\"a\\\"b\"} 3\n",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is missing in\n%s", line, text)
		}
	}
}

func TestHasNoMetricsOfAServerThatIsAway(t *testing.T) {
	nats := httptest.NewServer(http.NotFoundHandler())
	defer nats.Close()
	exporter := httptest.NewServer(handler(http.DefaultClient, nats.URL))
	defer exporter.Close()
	status, text := read(t, exporter.URL+"/metrics")
	if status != http.StatusServiceUnavailable || !strings.Contains(text, "404") {
		t.Fatalf("answers %d: %s", status, text)
	}
	if status, _ := read(t, exporter.URL+"/healthz"); status != http.StatusOK {
		t.Fatalf("is not healthy: %d", status)
	}
}
