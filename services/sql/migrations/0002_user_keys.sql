-- Keys that personal fields of messages are encrypted with, one for each user. `arc contract forget` destroys them.
CREATE SCHEMA privacy;

CREATE TABLE privacy.user_keys (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  -- Of AES-256; null once it is destroyed. The row stays, and says when.
  key bytea CHECK (octet_length(key) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,
  CHECK ((key IS NULL) = (destroyed_at IS NOT NULL))
);

-- A user has one key at a time. Whoever comes back after being forgotten gets a new one.
CREATE UNIQUE INDEX user_keys_present ON privacy.user_keys (user_id) WHERE key IS NOT NULL;

-- The user's present key; made where there is none. A UUID of version 4 has 122 random bits, so three have more than the
-- 256 that the hash is of.
CREATE FUNCTION privacy.key_of_user(wanted text, OUT id uuid, OUT key bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  LOOP
    SELECT k.id, k.key INTO id, key FROM privacy.user_keys k WHERE k.user_id = wanted AND k.key IS NOT NULL;
    EXIT WHEN FOUND;
    INSERT INTO privacy.user_keys (user_id, key)
    VALUES (
      wanted,
      sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    )
    ON CONFLICT DO NOTHING;
  END LOOP;
END
$$;

-- A key that something was encrypted with; null once it is destroyed, and for what is no key's name.
CREATE FUNCTION privacy.key_by_id(wanted text) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT k.key FROM privacy.user_keys k WHERE k.id = CASE WHEN wanted ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN wanted::uuid END
$$;

-- Programs ask for one key at a time, and read no table.
REVOKE ALL ON FUNCTION privacy.key_of_user(text), privacy.key_by_id(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION privacy.key_of_user(text), privacy.key_by_id(text) TO contract_keys;
