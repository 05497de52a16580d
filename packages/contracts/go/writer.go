package contracts

import (
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	jsonv2 "github.com/go-json-experiment/json"
)

// Writer writes the JSON of a message, and looks on the way whether the message keeps its contract. Generated code
// calls it, field by field; it says only that something is wrong, and Schema.Check says what. Every value ends in a
// comma, and the end of an object or list takes the last one back.
type Writer struct {
	text     []byte
	refused  bool
	user     string
	key      string
	hasKey   bool
	personal []personalText
	indexes  []int
	sealing  sealBuffers
}

// personalText is a text that is to be encrypted, and where it has been written.
type personalText struct {
	text       string
	start, end int
	// pointer has a `*` for each of the indexes.
	pointer string
	indexes []int
}

func (w *Writer) reset() {
	clear(w.personal)
	*w = Writer{text: w.text[:0], personal: w.personal[:0], indexes: w.indexes[:0], sealing: w.sealing}
}

// Check refuses the message unless something holds.
func (w *Writer) Check(holds bool) {
	if !holds {
		w.refused = true
	}
}

// Raw writes JSON as it is.
func (w *Writer) Raw(text string) { w.text = append(w.text, text...) }

// End ends an object or a list.
func (w *Writer) End(bracket byte) {
	if last := len(w.text) - 1; w.text[last] == ',' {
		w.text = w.text[:last]
	}
	w.text = append(w.text, bracket, ',')
}

// Name writes the name of a property that only the message knows.
func (w *Writer) Name(name string) {
	w.quote(name)
	w.text = append(w.text, ':')
}

// Text writes a text.
func (w *Writer) Text(text string) {
	w.quote(text)
	w.text = append(w.text, ',')
}

// Personal writes a text that is encrypted before it leaves. Each `*` of its pointer stands for one of the indexes.
func (w *Writer) Personal(pointer, text string, indexes ...int) {
	start, first := len(w.text), len(w.indexes)
	w.quote(text)
	w.indexes = append(w.indexes, indexes...)
	w.personal = append(w.personal, personalText{
		text: text, start: start, end: len(w.text), pointer: pointer, indexes: w.indexes[first:],
	})
	w.text = append(w.text, ',')
}

// User says whose message it is.
func (w *Writer) User(user string) { w.user = user }

// Key says by what the message is ordered.
func (w *Writer) Key(key string) { w.key, w.hasKey = key, true }

// Int writes a whole number.
func (w *Writer) Int(value int64) {
	w.Check(value >= -largest && value <= largest)
	w.text = append(strconv.AppendInt(w.text, value, 10), ',')
}

// Float writes a number.
func (w *Writer) Float(value float64) {
	w.Check(!math.IsNaN(value) && !math.IsInf(value, 0))
	w.text = append(jsontext.AppendFloat(w.text, value, 64), ',')
}

// Bool writes true or false.
func (w *Writer) Bool(value bool) { w.text = append(strconv.AppendBool(w.text, value), ',') }

// Anything writes what a contract says nothing about.
func (w *Writer) Anything(value map[string]any) {
	text, err := jsonv2.Marshal(value)
	w.Check(err == nil)
	w.text = append(append(w.text, text...), ',')
}

// NumberText is a number as JSON has it.
func NumberText[Number int64 | float64](value Number) string {
	if whole, ok := any(value).(int64); ok {
		return strconv.FormatInt(whole, 10)
	}
	return string(jsontext.AppendFloat(nil, float64(value), 64))
}

// Characters counts what minLength and maxLength mean.
func Characters(text string) int { return utf8.RuneCountInString(text) }

func (w *Writer) quote(text string) {
	var err error
	if w.text, err = appendText(w.text, text); err != nil {
		w.refused = true
	}
}

// appendText writes a text as JSON has it. It returns an error for what is no UTF-8.
func appendText(into []byte, text string) ([]byte, error) {
	for at := range len(text) {
		if one := text[at]; one < ' ' || one == '"' || one == '\\' || one >= utf8.RuneSelf {
			return jsontext.AppendQuote(into, text)
		}
	}
	into = append(into, '"')
	into = append(into, text...)
	return append(into, '"'), nil
}
