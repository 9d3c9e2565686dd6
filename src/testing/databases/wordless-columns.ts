const of = (table: string, columns: string): string[] => columns.split(" ").map((column) => `${table}.${column}`);

/**
 * Columns of text in which a person's words never stand, or stay although they are erased. Everything else has to be
 * found and erased: a new column belongs here, or into the erasing and its test.
 */
export const wordlessColumns: ReadonlySet<string> = new Set([
  // names that the code, the configuration or a provider gives
  ...of("api_key", "prefix scopes"),
  ...of("approval", "agent tool"),
  ...of("artifact", "language"),
  ...of("attachment", "media_type"),
  ...of("audit", "action target"),
  ...of("background_execution", "agent tool"),
  ...of("checkpoint", "format namespace"),
  ...of("checkpoint_write", "channel format namespace task_path"),
  ...of("completion", "agent finish_reason model sent_on usage"),
  ...of("completion_step", "finish_reason usage"),
  ...of("conversation", "agent model"),
  ...of("job", "error kind subject"),
  ...of("mcp_pin", "description fingerprint input_schema origin server tool"),
  ...of("mcp_token", "grant_hash server tokens"),
  ...of("message_alias", "alias"),
  ...of("message_search", "scope"),
  ...of("node", "role version"),
  ...of("spending", "period scope subject"),
  ...of("summary", "model"),
  ...of("tool_execution", "tool"),
  ...of("upkeep", "task"),
  ...of("usage", "model price"),
  ...of("user", "issuer"),
  // hashes and secrets
  ...of("account_session", "token"),
  ...of("api_key", "hash"),
  ...of("approval", "input_hash"),
  ...of("attachment", "sha256"),
  ...of("background_execution", "secret"),
  ...of("cached_answer", "key"),
  ...of("idempotency", "request_hash scope"),
  ...of("invitation", "hash"),
  ...of("share", "token_hash"),
  ...of("webhook", "former_secret secret"),
  // ids
  ...of("budget", "subject"),
  ...of("webhook_event", "facts type"),
  // the workspace's, or the receiver's
  ...of("webhook", "events url"),
  ...of("webhook_delivery", "error"),
  ...of("workspace", "allowed_models default_agent default_model name"),
  // logs of answers, which last for a minute
  ...of("chunk", "frames"),
  ...of("chunk_log", "epoch"),
]);
