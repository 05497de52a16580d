package main

import "github.com/prometheus/client_golang/prometheus"

var (
	deliveredDesc = desc("arc_bridge_delivered_total", "Messages that Pulsar has acknowledged.")
	deadDesc      = desc("arc_bridge_dead_letters_total", "Messages that did not satisfy their schema.")
	failuresDesc  = desc("arc_bridge_failures_total", "Attempts that failed; each was made again.")
	repeatedDesc  = desc("arc_bridge_repeated_total", "Messages that NATS delivered again although Pulsar has them.")
	inFlightDesc  = desc("arc_bridge_in_flight", "Messages that wait for Pulsar.")
	behindDesc    = desc("arc_bridge_behind", "Messages of the stream that have not been read.")
)

var (
	spansSentDesc    = prometheus.NewDesc("arc_spans_sent_total", "Spans that the receiver has taken.", nil, nil)
	spansLostDesc    = prometheus.NewDesc("arc_spans_lost_total", "Spans that nobody has, by the reason.", []string{"reason"}, nil)
	spansWaitingDesc = prometheus.NewDesc("arc_spans_waiting", "Spans that wait to be sent.", nil, nil)
)

func desc(name, help string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, []string{"message"}, nil)
}

// collector shows the states of all routes, and what became of spans, to Prometheus.
type collector struct {
	states []*State
	spans  func() SpanCounts
}

func (collector collector) Describe(descriptions chan<- *prometheus.Desc) {
	prometheus.DescribeByCollect(collector, descriptions)
}

func (collector collector) Collect(metrics chan<- prometheus.Metric) {
	for _, state := range collector.states {
		facts := state.Facts()
		add := func(desc *prometheus.Desc, kind prometheus.ValueType, value float64) {
			metrics <- prometheus.MustNewConstMetric(desc, kind, value, facts.Message)
		}
		add(deliveredDesc, prometheus.CounterValue, float64(facts.Delivered))
		add(deadDesc, prometheus.CounterValue, float64(facts.Dead))
		add(failuresDesc, prometheus.CounterValue, float64(facts.Failures))
		add(repeatedDesc, prometheus.CounterValue, float64(facts.Repeated))
		add(inFlightDesc, prometheus.GaugeValue, float64(facts.InFlight))
		add(behindDesc, prometheus.GaugeValue, float64(facts.Behind))
	}
	spans := collector.spans()
	add := func(desc *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
		metrics <- prometheus.MustNewConstMetric(desc, kind, value, labels...)
	}
	add(spansSentDesc, prometheus.CounterValue, float64(spans.Sent))
	add(spansLostDesc, prometheus.CounterValue, float64(spans.Full), "full")
	add(spansLostDesc, prometheus.CounterValue, float64(spans.Refused), "refused")
	add(spansLostDesc, prometheus.CounterValue, float64(spans.Unsent), "unsent")
	add(spansWaitingDesc, prometheus.GaugeValue, float64(spans.Waiting))
}
