package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// Whatever is lost on the way, and however often the bridge is killed: each message is on the topic once, and those of
// a key are in their order.
func TestNothingIsLostRepeatedOrOvertaken(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 2))
			world := newWorld(seed, 150, 1+random.IntN(20), 0.15*random.Float64())
			deadline := time.Now().Add(20 * time.Second)
			for world.rest() > 0 {
				if time.Now().After(deadline) {
					t.Fatalf("%d messages are left", world.rest())
				}
				// A process that is killed at any moment, and the next one.
				ctx, kill := context.WithTimeout(t.Context(), time.Duration(1+random.IntN(40))*time.Millisecond)
				world.bridge(t).run(ctx)
				kill()
			}
			checkTopic(t, world)
		})
	}
}

// Without any fault, one process delivers everything, and takes nothing for lost.
func TestAQuietDayNeedsNoRepetition(t *testing.T) {
	world := newWorld(1, 500, 16, 0)
	bridge := world.bridge(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { bridge.run(ctx); close(ended) }()
	for world.rest() > 0 {
		time.Sleep(time.Millisecond)
	}
	stop()
	<-ended
	checkTopic(t, world)
	if facts := bridge.state.Facts(); facts.Delivered != 500 || facts.Failures != 0 {
		t.Fatalf("%+v", facts)
	}
}

func checkTopic(t *testing.T, world *world) {
	t.Helper()
	if len(world.topic) != len(world.keys) {
		t.Fatalf("%d of %d messages are on the topic", len(world.topic), len(world.keys))
	}
	last := map[string]uint64{}
	for _, sequence := range world.topic {
		key := world.keys[sequence-1]
		if sequence <= last[key] {
			t.Fatalf("%d of %s came after %d", sequence, key, last[key])
		}
		last[key] = sequence
	}
}
