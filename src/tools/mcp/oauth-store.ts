import { hash } from "node:crypto";
import type { Database } from "../../ports/database.ts";
import type { McpServerConfig } from "../../protocol/mcp.ts";
import { readTokens, saveTokens } from "../../store/tools/mcp-rows.ts";
import type { OAuthStore } from "./oauth-provider.ts";

const nothing: OAuthStore = { read: async () => null, save: async () => {} };

/** Keeps a server's tokens in the database; an operator's new refresh token begins anew. */
export const createOAuthStore = (database: Database, server: string, config: McpServerConfig): OAuthStore => {
  if ("command" in config || config.oauth?.refreshToken === undefined) return nothing;
  const grant = hash("sha256", config.oauth.refreshToken);
  return {
    async read() {
      const stored = await readTokens(database, server, grant);
      const { OAuthTokensSchema } = await import("@modelcontextprotocol/sdk/shared/auth.js");
      return stored === null ? null : OAuthTokensSchema.parse(stored);
    },
    save: (tokens) => saveTokens(database, server, { hash: grant, tokens }),
  };
};
