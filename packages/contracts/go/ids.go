package contracts

import (
	"encoding/hex"
	"math/rand/v2"
)

// Ids have to be unique, and are no secrets: each thread's generator of Go's runtime makes them (ChaCha8, with a seed
// of the system), without a call of the system for each.

func appendRandom(into []byte, count int) []byte {
	for ; count > 0; count -= 8 {
		one := rand.Uint64()
		into = append(into, byte(one), byte(one>>8), byte(one>>16), byte(one>>24), byte(one>>32), byte(one>>40),
			byte(one>>48), byte(one>>56))
	}
	return into
}

// appendID writes a random UUID: version 4 of RFC 9562.
func appendID(into []byte) []byte {
	var id [16]byte
	appendRandom(id[:0], len(id))
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	into = append(hex.AppendEncode(into, id[:4]), '-')
	into = append(hex.AppendEncode(into, id[4:6]), '-')
	into = append(hex.AppendEncode(into, id[6:8]), '-')
	into = append(hex.AppendEncode(into, id[8:10]), '-')
	return hex.AppendEncode(into, id[10:])
}

// appendTraceParent begins a trace.
func appendTraceParent(into []byte) []byte {
	var ids [24]byte
	appendRandom(ids[:0], len(ids))
	into = append(into, "00-"...)
	into = hex.AppendEncode(into, ids[:16])
	into = append(into, '-')
	into = hex.AppendEncode(into, ids[16:])
	return append(into, "-01"...)
}
