package contracts

import (
	"math/rand/v2"
	"regexp"
	"testing"
	"time"
)

// variant changes, drops or adds a few characters of a text.
func variant(random *rand.Rand, text string) string {
	const odd = "09afAFxTtZz:.-+ \n\xffé"
	for range random.IntN(3) {
		at := random.IntN(len(text) + 1)
		one := string(odd[random.IntN(len(odd))])
		text = text[:at] + one + text[min(len(text), at+random.IntN(2)):]
	}
	return text
}

func TestPatternsMatchAsRegularExpressionsDo(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for text, stepwise := range map[string]bool{
		`^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}$`: true,
		`^[a-z]+$`:       true,
		`^[0-9]*$`:       true,
		`^v\d+\.\d+$`:    true,
		`^$`:             false,
		`^[a-z]*[a-z]$`:  false,
		`^a?-?a$`:        false,
		`^(ab|cd)$`:      false,
		`^[^a]$`:         false,
		`[a-z]{2}`:       false,
		`(?i)^abc$`:      false,
		`^x{2,3}[yz]?x$`: false,
		`^x{2,3}[yz]?w$`: true,
	} {
		pattern := MustCompilePattern(text)
		if stepwise != (pattern.steps != nil) {
			t.Errorf("%s: stepwise %v", text, !stepwise)
		}
		expression := regexp.MustCompile(text)
		for range 2000 {
			sample := variant(random, pattern.sample(random))
			if pattern.Matches(sample) != expression.MatchString(sample) {
				t.Fatalf("%s: %q", text, sample)
			}
		}
	}
}

func TestTimesAndUUIDs(t *testing.T) {
	times := regexp.MustCompile(`^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$`)
	uuids := regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		sample := variant(random, []string{"2026-01-31T13:30:00Z", "2026-01-31t13:30:00.25+01:00"}[random.IntN(2)])
		if isDateTime(sample) && !times.MatchString(sample) {
			t.Fatalf("%q is no time", sample)
		}
		if _, err := time.Parse(time.RFC3339, sample); err == nil && times.MatchString(sample) && !isDateTime(sample) {
			t.Fatalf("%q is a time", sample)
		}
		sample = variant(random, string(appendID(nil)))
		if isUUID(sample) != uuids.MatchString(sample) {
			t.Fatalf("%q", sample)
		}
	}
	for sample, wanted := range map[string]bool{
		"2024-02-29T00:00:00Z": true, "2026-02-29T00:00:00Z": false, "1900-02-29T00:00:00Z": false,
		"2000-02-29T00:00:00Z": true, "2026-04-31T00:00:00Z": false, "2026-13-01T00:00:00Z": false,
		"2026-00-01T00:00:00Z": false, "2026-01-00T00:00:00Z": false, "2026-01-01T24:00:00Z": false,
		"2026-01-01T23:59:60Z": true, "2026-01-01T23:60:00Z": false, "2026-01-01T00:00:00": false,
		"2026-01-01T00:00:00.Z": false, "2026-01-01T00:00:00+24:00": false, "2026-01-01T00:00:00-23:59": true,
	} {
		if isDateTime(sample) != wanted {
			t.Errorf("%s is a time: %v", sample, !wanted)
		}
	}
}
