import { hash } from "node:crypto";
import type { Database } from "../../ports/database.ts";
import type { McpServerConfig } from "../../protocol/agent/mcp.ts";
import { readTokens, saveTokens } from "../../store/tools/mcp-rows.ts";
import type { OAuthStore } from "./oauth-provider.ts";
import { createSeal, isSealed } from "./seal-tokens.ts";

const nothing: OAuthStore = { read: async () => null, save: async () => {} };

/**
 * Keeps a server's tokens in the database, sealed by the refresh token that the operator set, of which only the hash is
 * there. Another refresh token begins anew, with another key.
 */
export const createOAuthStore = (database: Database, server: string, config: McpServerConfig): OAuthStore => {
  if ("command" in config || config.oauth?.refreshToken === undefined) return nothing;
  const { refreshToken } = config.oauth;
  const grant = hash("sha256", refreshToken);
  const seal = createSeal(refreshToken, `${server} ${grant}`);
  const save: OAuthStore["save"] = (tokens) =>
    saveTokens(database, server, { hash: grant, tokens: seal.close(tokens) });
  return {
    async read() {
      const stored = await readTokens(database, server, grant);
      if (stored === null) return null;
      const { OAuthTokensSchema } = await import("@modelcontextprotocol/sdk/shared/auth.js");
      if (isSealed(stored)) return OAuthTokensSchema.parse(seal.open(stored));
      // stored by an earlier version
      const tokens = OAuthTokensSchema.parse(stored);
      await save(tokens);
      return tokens;
    },
    save,
  };
};
