import type { IncomingMessage } from "node:http";
import type { Accounts } from "../people/accounts/accounts.ts";
import { loopbackIdentity } from "../people/identity.ts";
import { recognise } from "../people/recognise.ts";
import type { Database } from "../ports/database.ts";
import type { ResolveHostUser } from "../protocol/people/host-user.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { ApiKeys } from "./api-keys.ts";
import { bearerToken, cookieValue, unauthenticated, wantedWorkspaceOf } from "./credentials.ts";
import { identityOfHostUser } from "./host-user.ts";
import { isSameSecret } from "./loopback-token.ts";
import { createPrincipalCache, type PrincipalCache } from "./principal-cache.ts";
import { createTokenVerifier, type TokenSettings } from "./token-verifier.ts";

/** Where identity comes from; of tokens, host, accounts and loopback at most one is needed, and loopback stands beside keys only. */
export interface IdentitySources {
  /** Where principals are remembered for a few seconds; default: a cache of its own. */
  readonly cache?: PrincipalCache | undefined;
  readonly keys?: ApiKeys | undefined;
  readonly tokens?: TokenSettings | undefined;
  readonly resolve?: ResolveHostUser | undefined;
  readonly accounts?: Accounts | undefined;
  /** The token of loopback mode, and the cookie that may carry it. */
  readonly loopback?: { readonly token: string; readonly cookie: () => string } | undefined;
}

/** @throws NatterError `unauthenticated`, `forbidden` when suspended, `not_found` for a foreign workspace */
export type Authenticate = (request: Request, incoming?: IncomingMessage) => Promise<Principal>;

const never = Number.POSITIVE_INFINITY;

const cacheKey = (...parts: readonly (string | null | undefined)[]): string => JSON.stringify(parts);

type Attempt = (request: Request, incoming: IncomingMessage | undefined) => Promise<Principal | null>;

const byAccount = (database: Database, cache: PrincipalCache, accounts: Accounts): Attempt => {
  return async (request) => {
    const { headers } = request;
    const cookie = cookieValue(headers, accounts.cookie);
    // whoever sends another credential is asked for that one
    if (cookie === null || headers.has("authorization")) return null;
    const wanted = wantedWorkspaceOf(request);
    return cache.get(cacheKey("account", cookie, wanted), async () => {
      const signedIn = await accounts.identify(headers);
      if (signedIn === null) throw unauthenticated();
      const { identity, sessionId, expiresAt } = signedIn;
      return { principal: { ...(await recognise(database, identity, wanted)), sessionId }, expiresAt };
    });
  };
};

const byLoopback = (
  database: Database,
  cache: PrincipalCache,
  loopback: NonNullable<IdentitySources["loopback"]>,
): Attempt => {
  return async (request) => {
    const { headers } = request;
    const given = bearerToken(headers) ?? cookieValue(headers, loopback.cookie());
    if (given === null || !isSameSecret(given, loopback.token)) return null;
    const wanted = wantedWorkspaceOf(request);
    return cache.get(cacheKey("loopback", wanted), async () => ({
      principal: await recognise(database, loopbackIdentity, wanted),
      expiresAt: never,
    }));
  };
};

const byToken = (database: Database, cache: PrincipalCache, settings: TokenSettings): Attempt => {
  const verify = createTokenVerifier(settings);
  return async (request) => {
    const token = bearerToken(request.headers);
    if (token === null) return null;
    const wanted = wantedWorkspaceOf(request);
    return cache.get(cacheKey("token", token, wanted), async () => {
      const { identity, expiresAt } = await verify(token);
      return { principal: await recognise(database, identity, wanted), expiresAt };
    });
  };
};

const byHost = (database: Database, cache: PrincipalCache, resolve: ResolveHostUser): Attempt => {
  return async (request, incoming) => {
    const user = await resolve(request, { incoming });
    if (user === null) return null;
    const identity = identityOfHostUser(user);
    const wanted = wantedWorkspaceOf(request);
    const { subject, name, email, workspaceId, role } = identity;
    return cache.get(cacheKey("host", subject, name, email, workspaceId, role, wanted), async () => ({
      principal: await recognise(database, identity, wanted),
      expiresAt: never,
    }));
  };
};

/** Decides who asks. A key of ours counts first, then the host is asked, then tokens, then the session of an account; loopback mode stands alone. */
export const createAuthenticator = (database: Database, sources: IdentitySources): Authenticate => {
  const { keys, cache = createPrincipalCache() } = sources;
  const attempts: Attempt[] = [
    ...(keys === undefined ? [] : [({ headers }: Request) => keys.authenticate(headers)]),
    ...(sources.resolve === undefined ? [] : [byHost(database, cache, sources.resolve)]),
    ...(sources.tokens === undefined ? [] : [byToken(database, cache, sources.tokens)]),
    ...(sources.accounts === undefined ? [] : [byAccount(database, cache, sources.accounts)]),
    ...(sources.loopback === undefined ? [] : [byLoopback(database, cache, sources.loopback)]),
  ];
  return async (request, incoming) => {
    for (const attempt of attempts) {
      const principal = await attempt(request, incoming);
      if (principal !== null) return principal;
    }
    throw unauthenticated();
  };
};
