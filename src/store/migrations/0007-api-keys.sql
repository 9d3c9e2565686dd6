create table api_key (
  workspace_id text not null references workspace on delete cascade,
  id text not null,
  user_id text not null references "user" on delete cascade,
  name text not null,
  -- its first characters, to tell it from others
  prefix text not null,
  -- SHA-256 of the key, hex: it has 256 random bits, so nothing slower is needed
  hash text not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (id, workspace_id)
);
create index api_key_of on api_key (user_id, workspace_id, created_at desc) where revoked_at is null;
