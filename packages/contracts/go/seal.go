package contracts

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// An encrypted field is a text: `arc:sealed:v1:<key id>:<base64url>`, of 12 bytes nonce, the encrypted UTF-8 of
// the field's text, and 16 bytes tag (AES-256-GCM). What is authenticated beside it, is where it belongs: message, field and user.
const sealMark = "arc:sealed:v1:"

var errDamaged = errors.New("it was changed after it was encrypted")

// openText returns false where the key is destroyed.
func openText(ctx context.Context, text string, keys Keys, context []byte) (string, bool, error) {
	id, encoded, _ := strings.Cut(strings.TrimPrefix(text, sealMark), ":")
	sealed, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return "", false, errDamaged
	}
	key, err := keys.ByID(ctx, id)
	if err != nil || key == nil {
		return "", false, err
	}
	sealing, err := newSealing(key)
	if err != nil {
		return "", false, err
	}
	if len(sealed) < sealing.NonceSize() {
		return "", false, errDamaged
	}
	plain, err := sealing.Open(nil, sealed[:sealing.NonceSize()], sealed[sealing.NonceSize():], context)
	if err != nil {
		return "", false, errDamaged
	}
	return string(plain), true, nil
}

func newSealing(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// sealContext is what is authenticated with a field, so that it is worth nothing in another place.
func sealContext(into []byte, contract, path, user string) ([]byte, error) {
	for at, text := range [...]string{contract, path, user} {
		into = append(into, "[,,"[at])
		var err error
		if into, err = appendText(into, text); err != nil {
			return nil, err
		}
	}
	return append(into, ']'), nil
}

const nonceSize = 12

// sealBuffers are used again for the next message.
type sealBuffers struct{ mark, nonces, context, plain, sealed []byte }

// sealPersonal returns the JSON that was written, its personal fields encrypted.
func sealPersonal(ctx context.Context, c *Contract, written *Writer, keys Keys) ([]byte, error) {
	text := bytes.TrimSuffix(written.text, []byte(","))
	if c.Personal == nil {
		return bytes.Clone(text), nil
	}
	if keys == nil {
		return nil, &Problem{Code: NoKeys, Contract: c.Name, Message: "it has personal fields, which need keys"}
	}
	if written.user == "" {
		return nil, &Problem{Code: Invalid, Contract: c.Name, Path: c.Personal.User, Message: "it names no user"}
	}
	key, err := keys.OfUser(ctx, written.user)
	if err != nil {
		return nil, err
	}
	sealing, err := newSealing(key.Key)
	if err != nil {
		return nil, err
	}
	use := &written.sealing
	if use.mark, err = appendText(use.mark[:0], sealMark+key.ID+":"); err != nil {
		return nil, err
	}
	mark := use.mark[:len(use.mark)-1]
	size := len(text)
	for _, field := range written.personal {
		size += len(use.mark) + base64.RawURLEncoding.EncodedLen(nonceSize+len(field.text)+sealing.Overhead())
	}
	use.nonces = slices.Grow(use.nonces[:0], nonceSize*len(written.personal))[:nonceSize*len(written.personal)]
	// It never fails: https://pkg.go.dev/crypto/rand#Read
	_, _ = rand.Read(use.nonces)
	payload, done := make([]byte, 0, size), 0
	for at, field := range written.personal {
		if use.context, err = sealContext(use.context[:0], c.Name, field.path(), written.user); err != nil {
			return nil, err
		}
		nonce := use.nonces[at*nonceSize:][:nonceSize]
		use.plain = append(use.plain[:0], field.text...)
		use.sealed = sealing.Seal(append(use.sealed[:0], nonce...), nonce, use.plain, use.context)
		payload = append(append(payload, text[done:field.start]...), mark...)
		payload = append(base64.RawURLEncoding.AppendEncode(payload, use.sealed), '"')
		done = field.end
	}
	return append(payload, text[done:]...), nil
}

// path is the pointer with its indexes.
func (p *personalText) path() string {
	if len(p.indexes) == 0 {
		return p.pointer
	}
	parts := strings.Split(p.pointer, "*")
	for at, index := range p.indexes {
		parts[at] += strconv.Itoa(index)
	}
	return strings.Join(parts, "")
}

// openPersonal decrypts the personal fields of a message's JSON as far as there are keys, and returns the pointers of
// those that stay encrypted.
func openPersonal(ctx context.Context, c *Contract, payload []byte, keys Keys) ([]byte, []string, error) {
	if c.Personal == nil || !bytes.Contains(payload, []byte(sealMark)) {
		return payload, nil, nil
	}
	data, err := parse(payload)
	if err != nil {
		return nil, nil, &Problem{Code: Invalid, Contract: c.Name, Message: "it is not JSON", Cause: err}
	}
	user := textAt(data, c.Personal.User)
	var unreadable []string
	err = replaceAt(data, c.Personal.Fields, func(path string, value any) (any, error) {
		text, ok := value.(string)
		if !ok || !strings.HasPrefix(text, sealMark) {
			return value, nil
		}
		if keys == nil {
			unreadable = append(unreadable, path)
			return value, nil
		}
		context, err := sealContext(nil, c.Name, path, user)
		if err != nil {
			return nil, err
		}
		opened, found, err := openText(ctx, text, keys, context)
		if errors.Is(err, errDamaged) {
			return nil, &Problem{Code: Damaged, Contract: c.Name, Path: path, Message: err.Error()}
		}
		if err != nil || found {
			return opened, err
		}
		unreadable = append(unreadable, path)
		return value, nil
	})
	if err != nil {
		return nil, nil, err
	}
	opened, err := marshal(data)
	return opened, unreadable, err
}

// parse keeps numbers as they are written.
func parse(text []byte) (any, error) {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return value, decoder.Decode(&value)
}

// marshal writes JSON as every other language does: `<` stays `<`.
func marshal(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}
