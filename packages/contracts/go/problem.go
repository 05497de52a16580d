package contracts

// Code says what stands between a program and its message.
type Code string

const (
	// Invalid data breaks the contract's schema.
	Invalid Code = "invalid"
	// NotAPublisher is a role that the contract does not name.
	NotAPublisher Code = "not-a-publisher"
	// NotASubscriber is a role that the contract does not name.
	NotASubscriber Code = "not-a-subscriber"
	// NoChannel says that the contract does not go this way.
	NoChannel Code = "no-channel"
	// NoKeys says that personal fields need keys.
	NoKeys Code = "no-keys"
	// Damaged is an encrypted field that was changed.
	Damaged Code = "damaged"
	// Handler is an error of the program's own.
	Handler Code = "handler"
	// Refused is an answer that is an error.
	Refused Code = "refused"
)

// Problem never holds a value of the message.
type Problem struct {
	Code     Code
	Contract string
	// Path is a JSON pointer; empty for the whole message.
	Path    string
	Message string
	Cause   error
}

func (p *Problem) Error() string {
	place := p.Contract
	if p.Path != "" {
		place += " " + p.Path
	}
	return place + ": " + p.Message
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// AsProblem returns an error as a Problem; one of the program's own becomes Handler.
func AsProblem(contract string, err error) *Problem {
	if problem, ok := err.(*Problem); ok {
		return problem
	}
	return &Problem{Code: Handler, Contract: contract, Message: err.Error(), Cause: err}
}

// NeverReadable is whether another delivery of the same bytes would fail as well.
func (p *Problem) NeverReadable() bool { return p.Code == Invalid || p.Code == Damaged }
