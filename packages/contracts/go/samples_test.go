package contracts

import (
	"math/rand/v2"
	"strings"
)

// Sample makes a value of a schema up, and breaks about one in fifty of its parts.
func (s *Schema) Sample(random *rand.Rand) any {
	breaks := random.IntN(50) == 0
	switch s.kind {
	case "object":
		object := map[string]any{}
		for name, known := range s.properties {
			if known.place >= 0 || random.IntN(2) == 0 {
				object[name] = known.schema.Sample(random)
			}
		}
		for range random.IntN(3) {
			if s.others != nil {
				object[sampleText(random)] = s.others.Sample(random)
			} else if s.anyOthers {
				object[sampleText(random)] = []any{sampleText(random), 1.5, nil}
			}
		}
		return object
	case "array":
		list := []any{}
		for range random.IntN(5) {
			list = append(list, s.items.Sample(random))
		}
		return list
	case "boolean":
		return random.IntN(2) == 0
	case "integer":
		if breaks {
			return int64(random.Uint64())
		}
		return max(int64(random.IntN(100)), lowest(s))
	case "number":
		if breaks {
			return 1e21 * (random.Float64() - 0.5)
		}
		return []float64{0, 0.5, 1, 1e-7, 0.1}[random.IntN(5)]
	default:
		if breaks {
			return sampleText(random)
		}
		return s.sampleText(random)
	}
}

func lowest(s *Schema) int64 {
	if s.minimum == nil {
		return -100
	}
	return int64(*s.minimum)
}

func (s *Schema) sampleText(random *rand.Rand) string {
	switch {
	case s.constant != nil:
		return *s.constant
	case s.enum != nil:
		for value := range s.enum {
			return value
		}
	case s.format == "date-time":
		return []string{"2026-01-31T13:30:00Z", "2024-02-29t23:59:60.123+01:00"}[random.IntN(2)]
	case s.format == "uuid":
		return string(appendID(nil))
	case s.pattern != nil:
		return s.pattern.sample(random)
	}
	return "x" + sampleText(random)
}

func (p *Pattern) sample(random *rand.Rand) string {
	var text strings.Builder
	for _, step := range p.steps {
		most := step.max
		if most < 0 {
			most = step.min + 3
		}
		for range step.min + random.IntN(most-step.min+1) {
			one := byte(random.IntN(len(step.set)))
			for !step.set[one] {
				one = (one + 1) % byte(len(step.set))
			}
			text.WriteByte(one)
		}
	}
	return text.String()
}

func sampleText(random *rand.Rand) string {
	return []string{
		"", "plain", "Käse & <Brot>", "🧀 of Brie", "\"quoted\" \\ \n\t\x01\x7f", "\u2028", "2026-02-29T00:00:00Z", "a/b~c",
	}[random.IntN(8)]
}
