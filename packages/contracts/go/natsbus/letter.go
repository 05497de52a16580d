package natsbus

import (
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
)

// arrived is a message as it came.
type arrived struct {
	subject string
	payload []byte
	header  nats.Header
}

// letterOf is a message that is put aside: its bytes and headers as they arrived, with the reason beside them. What was
// encrypted stays so, and what the program's own error says stays out of headers. unnamed stands for the id of a message
// without one; where that is empty, the letter has none either.
func (b *Bus) letterOf(c *contracts.Contract, message arrived, cause *contracts.Problem, unnamed string) *nats.Msg {
	letter := nats.NewMsg(c.NATS.Dead)
	letter.Data = message.payload
	for name, values := range message.header {
		// What tells a server what to do with a message, was said of the message and not of the letter.
		if !strings.HasPrefix(strings.ToLower(name), "nats-") {
			letter.Header[name] = values
		}
	}
	set := func(name, value string) { letter.Header[name] = []string{value} }
	set("arc-dead-code", string(cause.Code))
	set("arc-dead-path", cause.Path)
	set("arc-dead-role", b.options.Role)
	set("arc-dead-subject", message.subject)
	id := message.header.Get("ce-id")
	if id == "" {
		id = unnamed
	}
	if id != "" {
		// By it a stream recognises the letter that a role sends twice, and tells it from those of other roles.
		set(nats.MsgIdHdr, "dead-"+b.options.Role+"-"+id)
	}
	return letter
}

// putAside puts a message aside that is delivered at most once, and so is its letter: nobody could deliver it again.
func (b *Bus) putAside(c *contracts.Contract, message *nats.Msg, cause error) {
	problem := contracts.AsProblem(c.Name, cause)
	b.dead.Add(1)
	b.options.Report(problem)
	letter := b.letterOf(c, arrived{message.Subject, message.Data, message.Header}, problem, "")
	if err := b.conn.PublishMsg(letter); err != nil {
		b.options.Report(fmt.Errorf("a dead letter could not be sent: %w", err))
	}
}
