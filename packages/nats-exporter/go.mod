module arc.local/nats-exporter

go 1.24
