import { randomBytes } from "node:crypto";
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import type { OAuthClientInformationMixed, OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js";
import { createEgressFetch } from "../../foundation/egress/egress-fetch.ts";
import { NatterError } from "../../foundation/errors.ts";
import type { McpOAuth, McpUrlServer } from "../../protocol/agent/mcp.ts";
import { ownAllow } from "./http-transport.ts";

export interface SignInOptions {
  readonly server: McpUrlServer;
  readonly allow: readonly string[];
  /** Where the authorization server sends the person back to. */
  readonly redirectUrl: string;
  /** A client that is known already; absent: one is registered. */
  readonly client?: { readonly clientId: string; readonly clientSecret?: string | undefined } | undefined;
  readonly scope?: string | undefined;
  /** Sends a person to the authorization server; answers the URL that they came back by. */
  authorize(url: URL): Promise<URL>;
}

/** What one sign-in keeps. */
interface Memory {
  client: OAuthClientInformationMixed | undefined;
  tokens: OAuthTokens | undefined;
  verifier: string;
  page: URL | undefined;
}

const providerOf = (options: SignInOptions, memory: Memory, state: string): OAuthClientProvider => ({
  redirectUrl: options.redirectUrl,
  clientMetadata: {
    client_name: "Natter",
    redirect_uris: [options.redirectUrl],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    ...(options.scope === undefined ? {} : { scope: options.scope }),
  },
  state: () => state,
  clientInformation: () => memory.client,
  saveClientInformation: (client) => void (memory.client = client),
  tokens: () => memory.tokens,
  saveTokens: (tokens) => void (memory.tokens = tokens),
  redirectToAuthorization: (url) => void (memory.page = url),
  saveCodeVerifier: (verifier) => void (memory.verifier = verifier),
  codeVerifier: () => memory.verifier,
});

const codeOf = (url: URL, state: string): string => {
  const code = url.searchParams.get("code");
  if (code !== null && url.searchParams.get("state") === state) return code;
  const reason = url.searchParams.get("error") ?? "the answer does not belong to this sign-in";
  throw new NatterError("forbidden", `The authorization server did not let Natter in: ${reason.slice(0, 200)}.`);
};

const settingsOf = ({ client, tokens }: Memory, scope: string | undefined): McpOAuth => {
  const issuer = tokens?.issuer ?? client?.issuer;
  if (client === undefined || tokens?.refresh_token === undefined || issuer === undefined)
    throw new NatterError(
      "provider_failed",
      "The authorization server gave no refresh token; ask for a scope with one.",
    );
  return {
    issuer,
    clientId: client.client_id,
    ...(client.client_secret === undefined ? {} : { clientSecret: client.client_secret }),
    refreshToken: tokens.refresh_token,
    ...(scope === undefined ? {} : { scope }),
  };
};

/**
 * Signs a person in to a server by their browser (authorization code with PKCE), and registers Natter there when no
 * client is known; answers what belongs under `oauth` in the configuration.
 * @throws NatterError `forbidden` when the person or the server says no, `provider_failed` without a refresh token
 */
export const signIn = async (options: SignInOptions): Promise<McpOAuth> => {
  const { auth } = await import("@modelcontextprotocol/sdk/client/auth.js");
  const ask = createEgressFetch({ allow: [...options.allow, ...ownAllow(options.server)] });
  const state = randomBytes(16).toString("base64url");
  const { client } = options;
  const memory: Memory = {
    client: client && {
      client_id: client.clientId,
      ...(client.clientSecret === undefined ? {} : { client_secret: client.clientSecret }),
    },
    tokens: undefined,
    verifier: "",
    page: undefined,
  };
  const provider = providerOf(options, memory, state);
  const request = {
    serverUrl: options.server.url,
    fetchFn: (url: string | URL, { method, headers, body, signal }: RequestInit = {}) =>
      ask(url, { method, headers, body, signal }),
  };
  await auth(provider, request);
  if (memory.page === undefined) throw new NatterError("provider_failed", "This server asks nobody to sign in.");
  const authorizationCode = codeOf(await options.authorize(memory.page), state);
  await auth(provider, { ...request, authorizationCode });
  return settingsOf(memory, options.scope);
};
