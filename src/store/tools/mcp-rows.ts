import type { JSONSchema7 } from "ai";
import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** A server, and where it was when its tools were seen. */
export interface McpOrigin {
  readonly server: string;
  readonly origin: string;
}

/** A tool as it was when it was first seen, or last trusted. */
export interface McpPin {
  readonly tool: string;
  readonly fingerprint: string;
  readonly description: string;
  readonly inputSchema: JSONSchema7;
}

export const readPins = (database: Database, { server, origin }: McpOrigin): Promise<McpPin[]> =>
  database.query<McpPin>(sql`
    select tool, fingerprint, description, input_schema as "inputSchema"
    from mcp_pin where server = ${server} and origin = ${origin}`);

/** Of two nodes that see a server first, one decides. */
export const addPins = async (
  database: Database,
  { server, origin }: McpOrigin,
  pins: readonly McpPin[],
): Promise<void> => {
  await database.query(sql`
    insert into mcp_pin (server, origin, tool, fingerprint, description, input_schema)
    select ${server}, ${origin}, tool, fingerprint, description, "inputSchema"
    from jsonb_to_recordset(${JSON.stringify(pins)}::jsonb)
      as pin (tool text, fingerprint text, description text, "inputSchema" jsonb)
    on conflict (server, origin, tool) do nothing`);
};

/** A changed tool that the operator trusts. */
export const replacePin = async (database: Database, { server, origin }: McpOrigin, pin: McpPin): Promise<void> => {
  await database.query(sql`
    insert into mcp_pin (server, origin, tool, fingerprint, description, input_schema)
    values (${server}, ${origin}, ${pin.tool}, ${pin.fingerprint}, ${pin.description},
      ${JSON.stringify(pin.inputSchema)}::jsonb)
    on conflict (server, origin, tool) do update set fingerprint = excluded.fingerprint,
      description = excluded.description, input_schema = excluded.input_schema, pinned_at = now()`);
};

/** Tokens that came of a refresh token, told by its hash; null: none were saved. */
export const readTokens = async (database: Database, server: string, grantHash: string): Promise<unknown> => {
  const [row] = await database.query<{ tokens: unknown }>(sql`
    select tokens from mcp_token where server = ${server} and grant_hash = ${grantHash}`);
  return row?.tokens ?? null;
};

export const saveTokens = async (
  database: Database,
  server: string,
  grant: { readonly hash: string; readonly tokens: unknown },
): Promise<void> => {
  await database.query(sql`
    insert into mcp_token (server, grant_hash, tokens)
    values (${server}, ${grant.hash}, ${JSON.stringify(grant.tokens)}::jsonb)
    on conflict (server, grant_hash) do update set tokens = excluded.tokens, saved_at = now()`);
};
