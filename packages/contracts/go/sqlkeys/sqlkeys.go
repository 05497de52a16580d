// Package sqlkeys reads the keys of users that the stack's SQL database keeps.
package sqlkeys

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	contracts "github.com/arc-framework/arc/packages/contracts/go"
)

// Keys asks the database each time; contracts.CachedKeys remembers. Its role may call two functions and read no table:
// see services/sql/migrations.
type Keys struct{ pool *pgxpool.Pool }

// Open prepares connections to postgres://contract_keys:…@arc-sql:5432/arc. It connects when it is first asked.
func Open(ctx context.Context, url string) (*Keys, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, err
	}
	return &Keys{pool: pool}, nil
}

// Close ends the connections.
func (k *Keys) Close() { k.pool.Close() }

// OfUser returns the user's present key, and makes one where there is none.
func (k *Keys) OfUser(ctx context.Context, user string) (key contracts.UserKey, err error) {
	row := k.pool.QueryRow(ctx, "SELECT id::text, key FROM privacy.key_of_user($1)", user)
	err = row.Scan(&key.ID, &key.Key)
	return key, err
}

// ByID returns a key; nil once it is destroyed.
func (k *Keys) ByID(ctx context.Context, id string) (key []byte, err error) {
	err = k.pool.QueryRow(ctx, "SELECT privacy.key_by_id($1)", id).Scan(&key)
	return key, err
}
