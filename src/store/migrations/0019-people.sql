-- What a workspace decides for its members; null: as the server has it.
alter table workspace
  add column default_agent text,
  add column default_model text,
  -- ids of models, as a JSON array
  add column allowed_models jsonb,
  add column retention_days integer check (retention_days between 1 and 36500);

-- suspended here only; "user".suspended_at is everywhere
alter table member add column suspended_at timestamptz;

alter table api_key
  add column kind text not null default 'personal' check (kind in ('personal', 'service', 'browser')),
  -- names of scopes, as a JSON array
  add column scopes jsonb not null default '["read", "chat"]',
  -- a browser token ends with the key that it was exchanged for
  add column made_by text;
create index api_key_ended on api_key (expires_at) where kind = 'browser';

create table invitation (
  workspace_id text not null references workspace on delete cascade,
  id text not null,
  -- SHA-256 of the link's token, hex
  hash text not null unique,
  role text not null check (role in ('admin', 'member', 'reader')),
  note text,
  created_by text not null references "user" on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by text references "user" on delete set null,
  revoked_at timestamptz,
  primary key (id, workspace_id)
);
create index invitation_recent on invitation (workspace_id, created_at desc, id desc);

-- Built-in accounts: what better-auth keeps. A person in "user" points to one by issuer and subject.
create table account_user (
  id text primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table account_credential (
  id text primary key,
  user_id text not null references account_user on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  id_token text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index account_credential_of on account_credential (user_id);

create table account_session (
  id text primary key,
  user_id text not null references account_user on delete cascade,
  -- SHA-256 of the token that the cookie carries, hex
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index account_session_of on account_session (user_id);
create index account_session_ended on account_session (expires_at);

create table account_verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index account_verification_of on account_verification (identifier);
