-- What was said, a row for each turn, with an embedding of it.
CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

CREATE SCHEMA agents;

CREATE TABLE agents.conversations (
  id uuid PRIMARY KEY,
  user_id varchar(255),
  agent_id varchar(255),
  turn_index int,
  user_input text,
  agent_response text,
  embedding public.vector(1536),
  created_at timestamp DEFAULT now()
);

-- The last turns of somebody.
CREATE INDEX conversations_by_user ON agents.conversations (user_id, created_at DESC);

-- The turns that are nearest to an embedding, by cosine.
CREATE INDEX conversations_by_embedding ON agents.conversations USING hnsw (embedding public.vector_cosine_ops);
