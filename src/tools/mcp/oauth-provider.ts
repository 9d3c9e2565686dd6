import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import type { OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js";
import type { McpOAuth } from "../../protocol/agent/mcp.ts";

/** Keeps the tokens of a server over restarts: a refresh token may be replaced each time it is used. */
export interface OAuthStore {
  read(): Promise<OAuthTokens | null>;
  save(tokens: OAuthTokens): Promise<void>;
}

const cannotAsk = (): never => {
  throw new Error("nobody can be asked to sign in: the refresh token is not accepted any more");
};

/** Signs in by a refresh token, which is replaced when the server replaces it. */
const refreshing = (oauth: McpOAuth, refreshToken: string, store: OAuthStore): OAuthClientProvider => {
  const { issuer, clientId, clientSecret, scope } = oauth;
  const given = { access_token: "", token_type: "Bearer", refresh_token: refreshToken, issuer };
  return {
    redirectUrl: "http://127.0.0.1/",
    clientMetadata: { redirect_uris: [], grant_types: ["refresh_token"], ...(scope === undefined ? {} : { scope }) },
    clientInformation: () => ({
      client_id: clientId,
      issuer,
      ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    }),
    tokens: async () => (await store.read()) ?? given,
    saveTokens: (tokens) => store.save(tokens),
    redirectToAuthorization: cannotAsk,
    saveCodeVerifier: () => {},
    codeVerifier: cannotAsk,
  };
};

/** How Natter signs in to a server; the credentials go to the issuer that the operator named, and to no other. */
export const createOAuthProvider = async (oauth: McpOAuth, store: OAuthStore): Promise<OAuthClientProvider> => {
  const { issuer, clientId, clientSecret = "", refreshToken, scope } = oauth;
  if (refreshToken !== undefined) return refreshing(oauth, refreshToken, store);
  const { ClientCredentialsProvider } = await import("@modelcontextprotocol/sdk/client/auth-extensions.js");
  return new ClientCredentialsProvider({
    clientId,
    clientSecret,
    expectedIssuer: issuer,
    ...(scope === undefined ? {} : { scope }),
  });
};
