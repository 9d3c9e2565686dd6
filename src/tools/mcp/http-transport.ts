import type { FetchLike, Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { createEgressFetch, type EgressFetch } from "../../foundation/egress/egress-fetch.ts";
import type { McpCaller, McpUrlServer } from "../../protocol/agent/mcp.ts";
import { currentCall } from "./call-scope.ts";
import { watchedAnswer } from "./watched-answer.ts";
import type { OAuthStore } from "./oauth-provider.ts";

export interface HttpTransportOptions {
  /** Hosts that may be asked although they are not public. */
  readonly allow: readonly string[];
  readonly timeoutMs: number;
  /** Whose session it is; null: Natter's own. */
  readonly caller: McpCaller | null;
  readonly tokens: OAuthStore;
}

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const literalHost = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\])$/;

const literalsOf = (address: string): string[] => {
  const { hostname, protocol, port } = new URL(address);
  const isLiteral = loopbackHost.test(hostname) || literalHost.test(hostname);
  return isLiteral ? [`${hostname}:${port || (protocol === "https:" ? 443 : 80)}`] : [];
};

/** What the operator named by its address is allowed; a name may lead elsewhere tomorrow, and needs `egress.allow`. */
export const ownAllow = ({ url, oauth }: McpUrlServer): string[] => [
  ...literalsOf(url),
  ...(oauth === undefined ? [] : literalsOf(oauth.issuer)),
];

const headersOf = async ({ headers = {} }: McpUrlServer, caller: McpCaller | null) =>
  typeof headers === "function" ? headers(caller) : headers;

/** Notifications would hold a socket for ever; what a server lists is asked for again instead. */
const refusesStream = (init: RequestInit | undefined): boolean =>
  init?.method === "GET" && init.headers instanceof Headers && isPlainStream(init.headers);

const isPlainStream = (headers: Headers): boolean =>
  headers.get("accept") === "text/event-stream" && !headers.has("last-event-id");

const createFetch = (server: McpUrlServer, caller: McpCaller | null, ask: EgressFetch): FetchLike => {
  const { origin } = new URL(server.url);
  return async (url, init) => {
    if (refusesStream(init)) return new Response(null, { status: 405 });
    const headers = new Headers(init?.headers);
    // an authorization server is another origin: what opens the MCP server is not for it
    if (new URL(url).origin === origin)
      for (const [name, value] of Object.entries(await headersOf(server, caller))) headers.set(name, value);
    const { method, body, redirect } = init ?? {};
    const call = currentCall();
    const signals = [init?.signal, call?.signal].filter((signal) => signal !== undefined && signal !== null);
    const response = await ask(url, { method, body, redirect, headers, signal: AbortSignal.any(signals) });
    return call === undefined ? response : watchedAnswer(response, (reason) => call.fail(reason));
  };
};

/** A session with a server on the network, through the egress client. */
export const createHttpTransport = async (
  server: McpUrlServer,
  { allow, timeoutMs, caller, tokens }: HttpTransportOptions,
): Promise<Transport> => {
  const { StreamableHTTPClientTransport } = await import("@modelcontextprotocol/sdk/client/streamableHttp.js");
  const { createOAuthProvider } = await import("./oauth-provider.ts");
  const egress = { allow: [...allow, ...ownAllow(server)], headMs: timeoutMs, totalMs: timeoutMs };
  const ask = createEgressFetch(egress);
  const transport = new StreamableHTTPClientTransport(new URL(server.url), {
    fetch: createFetch(server, caller, ask),
    ...(server.oauth === undefined ? {} : { authProvider: await createOAuthProvider(server.oauth, tokens) }),
  });
  return transport;
};
