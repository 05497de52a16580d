package natsbus

import (
	"testing"
	"time"
)

func TestAMessageWaitsLongerAfterEachDelivery(t *testing.T) {
	expected := map[uint64]time.Duration{
		1: time.Second, 2: 4 * time.Second, 3: 16 * time.Second, 4: time.Minute, 5: time.Minute, 1_000: time.Minute,
	}
	for deliveries, wait := range expected {
		if found := againAfter(deliveries); found != wait {
			t.Errorf("after %d deliveries: %s, not %s", deliveries, found, wait)
		}
	}
}
