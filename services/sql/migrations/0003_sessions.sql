-- What a turn is part of, and what became of it.
ALTER TABLE agents.conversations
  ADD COLUMN session_id varchar(255),
  ADD COLUMN room_name varchar(255),
  ADD COLUMN trace_id varchar(32),
  ADD COLUMN intent varchar(64),
  ADD COLUMN tools text[],
  ADD COLUMN model varchar(255),
  ADD COLUMN brain_ms int,
  ADD COLUMN hearing_ms int;

CREATE INDEX conversations_by_session ON agents.conversations (session_id, turn_index);
CREATE INDEX conversations_by_age ON agents.conversations (created_at);

CREATE TABLE agents.sessions (
  id varchar(255) PRIMARY KEY,
  user_id varchar(255) NOT NULL,
  agent_id varchar(255) NOT NULL,
  room_name varchar(255) NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  turns int NOT NULL,
  -- From the end of what was said to the first sound of its answer, one of each turn.
  latencies_ms int[] NOT NULL,
  target_ms int NOT NULL,
  interruptions int NOT NULL,
  failures int NOT NULL
);

CREATE INDEX sessions_by_end ON agents.sessions (ended_at);
CREATE INDEX sessions_by_user ON agents.sessions (user_id);

-- How good a session was, by rules or by a model.
CREATE TABLE agents.scores (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id varchar(255) NOT NULL,
  name varchar(64) NOT NULL,
  value real NOT NULL CHECK (value BETWEEN 0 AND 1),
  judge varchar(255) NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX scores_by_session ON agents.scores (session_id, created_at DESC);

-- Figures of an hour, which are published once.
CREATE TABLE agents.performance (
  agent_id varchar(255) NOT NULL,
  hour timestamptz NOT NULL,
  sessions bigint NOT NULL,
  turns bigint NOT NULL,
  seconds double precision NOT NULL,
  average_ms double precision,
  p95_ms double precision,
  violations bigint NOT NULL,
  failures bigint NOT NULL,
  PRIMARY KEY (agent_id, hour)
);

-- Who was forgotten, and when: what they said before and arrives late is not kept.
CREATE TABLE agents.forgotten (
  user_id varchar(255) PRIMARY KEY,
  at timestamptz NOT NULL
);

-- Sums up the hours of the last day that are over for five minutes and were not summed up.
CREATE FUNCTION agents.sum_up(agent text) RETURNS SETOF agents.performance
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO agents.performance AS p (agent_id, hour, sessions, turns, seconds, average_ms, p95_ms, violations, failures)
  SELECT agent, date_trunc('hour', s.ended_at), count(DISTINCT s.id), sum(s.turns) FILTER (WHERE l.place = 1),
    avg(extract(epoch FROM s.ended_at - s.started_at)) FILTER (WHERE l.place = 1), avg(l.ms),
    percentile_cont(0.95) WITHIN GROUP (ORDER BY l.ms), count(*) FILTER (WHERE l.ms > s.target_ms),
    sum(s.failures) FILTER (WHERE l.place = 1)
  FROM agents.sessions s
  -- A session without an answer has one row, too, so that it counts.
  CROSS JOIN LATERAL unnest(CASE WHEN cardinality(s.latencies_ms) = 0 THEN ARRAY[NULL]::int[] ELSE s.latencies_ms END)
    WITH ORDINALITY AS l (ms, place)
  WHERE s.agent_id = agent AND s.ended_at >= now() - interval '1 day'
    AND s.ended_at < date_trunc('hour', now() - interval '5 minutes')
  GROUP BY date_trunc('hour', s.ended_at)
  ON CONFLICT DO NOTHING
  RETURNING p.*
$$;

-- Removes what is older than a number of days.
CREATE FUNCTION agents.sweep(days int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE removed bigint;
BEGIN
  DELETE FROM agents.scores c USING agents.sessions s
    WHERE c.session_id = s.id AND s.ended_at < now() - make_interval(days => days);
  DELETE FROM agents.sessions WHERE ended_at < now() - make_interval(days => days);
  DELETE FROM agents.conversations WHERE created_at < (now() AT TIME ZONE 'UTC') - make_interval(days => days);
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN removed;
END
$$;

-- Removes all of a user.
CREATE FUNCTION agents.forget(forgotten_user text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE removed bigint;
BEGIN
  INSERT INTO agents.forgotten AS f (user_id, at) VALUES (forgotten_user, now())
    ON CONFLICT (user_id) DO UPDATE SET at = excluded.at;
  DELETE FROM agents.scores c USING agents.sessions s WHERE c.session_id = s.id AND s.user_id = forgotten_user;
  DELETE FROM agents.sessions WHERE user_id = forgotten_user;
  DELETE FROM agents.conversations WHERE user_id = forgotten_user;
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN removed;
END
$$;

REVOKE ALL ON FUNCTION agents.sum_up(text), agents.sweep(int), agents.forget(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agents.sum_up(text), agents.sweep(int), agents.forget(text) TO voice_agent;
