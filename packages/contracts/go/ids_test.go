package contracts

import (
	"regexp"
	"testing"
)

func TestIDsAreUniqueAndWellFormed(t *testing.T) {
	id := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	parent := regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-01$`)
	seen := map[string]bool{}
	for range 1000 {
		one, trace := string(appendID(nil)), newTrace().Parent
		if !id.MatchString(one) || !parent.MatchString(trace) || seen[one] || seen[trace] {
			t.Fatal(one, trace)
		}
		seen[one], seen[trace] = true, true
	}
}
