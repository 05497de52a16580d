package contracts

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// Pattern is a regular expression. Most of those in contracts read a text from left to right without ever having to
// go back, such as `^[0-9a-f]{8}-?[0-9a-f]{4}$`: they are matched so, a character at a time.
type Pattern struct {
	expression *regexp.Regexp
	// steps is nil where only the expression itself can say.
	steps []patternStep
}

// patternStep takes at least min and at most max characters of a set, as many as there are; max is -1 for any number.
type patternStep struct {
	set      [utf8.RuneSelf]bool
	min, max int
}

// CompilePattern reads a regular expression.
func CompilePattern(text string) (*Pattern, error) {
	expression, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	return &Pattern{expression: expression, steps: stepsOf(parsed)}, nil
}

// MustCompilePattern panics where CompilePattern returns an error. Generated code has only what a contract has.
func MustCompilePattern(text string) *Pattern {
	pattern, err := CompilePattern(text)
	if err != nil {
		panic(err)
	}
	return pattern
}

// String returns the regular expression.
func (p *Pattern) String() string { return p.expression.String() }

// Matches is whether a text has a part that matches.
func (p *Pattern) Matches(text string) bool {
	if p.steps == nil {
		return p.expression.MatchString(text)
	}
	at := 0
	for index := range p.steps {
		step := &p.steps[index]
		count := 0
		for at < len(text) && count != step.max && text[at] < utf8.RuneSelf && step.set[text[at]] {
			at++
			count++
		}
		if count < step.min {
			return false
		}
	}
	return at == len(text)
}

// stepsOf returns nil for what is not bound to both ends, holds more than characters of ASCII, or might have to go
// back.
func stepsOf(parsed *syntax.Regexp) []patternStep {
	if parsed.Op != syntax.OpConcat || len(parsed.Sub) < 3 {
		return nil
	}
	last := len(parsed.Sub) - 1
	if parsed.Sub[0].Op != syntax.OpBeginText || parsed.Sub[last].Op != syntax.OpEndText {
		return nil
	}
	var steps []patternStep
	for _, part := range parsed.Sub[1:last] {
		step, ok := stepOf(part)
		if !ok {
			return nil
		}
		steps = append(steps, step...)
	}
	for at := range steps {
		if steps[at].min == steps[at].max {
			continue
		}
		for _, next := range steps[at+1:] {
			if overlap(&steps[at], &next) {
				return nil
			}
			if next.min > 0 {
				break
			}
		}
	}
	return steps
}

func stepOf(part *syntax.Regexp) ([]patternStep, bool) {
	switch part.Op {
	case syntax.OpLiteral:
		if part.Flags&syntax.FoldCase != 0 {
			return nil, false
		}
		steps := make([]patternStep, len(part.Rune))
		for at, one := range part.Rune {
			if !steps[at].add(one, one) {
				return nil, false
			}
			steps[at].min, steps[at].max = 1, 1
		}
		return steps, true
	case syntax.OpCharClass:
		step := patternStep{min: 1, max: 1}
		for pair := range slices.Chunk(part.Rune, 2) {
			if !step.add(pair[0], pair[1]) {
				return nil, false
			}
		}
		return []patternStep{step}, true
	case syntax.OpStar:
		return repeated(part.Sub[0], 0, -1)
	case syntax.OpPlus:
		return repeated(part.Sub[0], 1, -1)
	case syntax.OpQuest:
		return repeated(part.Sub[0], 0, 1)
	case syntax.OpRepeat:
		return repeated(part.Sub[0], part.Min, part.Max)
	default:
		return nil, false
	}
}

func repeated(part *syntax.Regexp, min, max int) ([]patternStep, bool) {
	steps, ok := stepOf(part)
	if !ok || len(steps) != 1 || steps[0].min != 1 || steps[0].max != 1 {
		return nil, false
	}
	steps[0].min, steps[0].max = min, max
	return steps, true
}

func (s *patternStep) add(from, to rune) bool {
	if to >= utf8.RuneSelf {
		return false
	}
	for one := from; one <= to; one++ {
		s.set[one] = true
	}
	return true
}

func overlap(one, other *patternStep) bool {
	for at, in := range one.set {
		if in && other.set[at] {
			return true
		}
	}
	return false
}
