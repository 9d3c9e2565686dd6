-- Tools of MCP servers as they were when they were first seen; origin is where the server was then.
create table mcp_pin (
  server text collate "C" not null,
  origin text collate "C" not null,
  tool text collate "C" not null,
  fingerprint text not null,
  description text not null,
  input_schema jsonb not null,
  pinned_at timestamptz not null default now(),
  primary key (server, origin, tool)
);

-- Tokens of servers that an operator signed in to; grant_hash tells which refresh token they came from.
create table mcp_token (
  server text collate "C" not null,
  grant_hash text collate "C" not null,
  tokens jsonb not null,
  saved_at timestamptz not null default now(),
  primary key (server, grant_hash)
);
