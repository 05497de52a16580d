package contracts

import (
	"context"
	"sync"
	"time"
)

// UserKey is the key of a user: 32 bytes, for AES-256-GCM.
type UserKey struct {
	ID  string
	Key []byte
}

// Keys knows the keys of users.
type Keys interface {
	// OfUser returns the user's present key, and makes one where there is none.
	OfUser(ctx context.Context, user string) (UserKey, error)
	// ByID returns a key that something was encrypted with; nil once it is destroyed.
	ByID(ctx context.Context, id string) ([]byte, error)
}

// CachedKeys asks for each key at most once in a while. A key that was destroyed is forgotten when that time is over,
// so it is the longest that personal data stays readable after `arc contract forget`.
func CachedKeys(keys Keys, remembered time.Duration) Keys {
	return &cachedKeys{keys: keys, remembered: remembered, users: map[string]entry[UserKey]{}, ids: map[string]entry[[]byte]{}}
}

type cachedKeys struct {
	keys       Keys
	remembered time.Duration
	mutex      sync.Mutex
	users      map[string]entry[UserKey]
	ids        map[string]entry[[]byte]
}

type entry[V any] struct {
	value V
	until time.Time
}

func (c *cachedKeys) OfUser(ctx context.Context, user string) (UserKey, error) {
	return cached(c, c.users, user, func() (UserKey, error) { return c.keys.OfUser(ctx, user) })
}

func (c *cachedKeys) ByID(ctx context.Context, id string) ([]byte, error) {
	return cached(c, c.ids, id, func() ([]byte, error) { return c.keys.ByID(ctx, id) })
}

func cached[V any](c *cachedKeys, entries map[string]entry[V], name string, ask func() (V, error)) (V, error) {
	now := time.Now()
	c.mutex.Lock()
	known, ok := entries[name]
	c.mutex.Unlock()
	if ok && known.until.After(now) {
		return known.value, nil
	}
	value, err := ask()
	if err != nil {
		return value, err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for other, old := range entries {
		if !old.until.After(now) {
			delete(entries, other)
		}
	}
	entries[name] = entry[V]{value: value, until: now.Add(c.remembered)}
	return value, nil
}
