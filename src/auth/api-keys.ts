import { NatterError } from "../foundation/errors.ts";
import { findHolder, hashOfKey, isApiKey } from "../people/keys.ts";
import type { Database } from "../ports/database.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { unauthenticated, wantedWorkspace } from "./credentials.ts";
import { createPrincipalCache, type PrincipalCache } from "./principal-cache.ts";

/** Natter's own keys and browser tokens as credentials. */
export interface ApiKeys {
  /**
   * Who asks by a key, in `Authorization: Bearer nk_…` (or `nb_…`) or `x-api-key`; null when none is given.
   * @throws NatterError `unauthenticated`, `forbidden` when suspended, `not_found` for another workspace than the key's
   */
  authenticate(headers: Headers): Promise<Principal | null>;
  /** Forgets a key at once on this node; others do within five seconds. */
  forget(keyHash: string): void;
}

const keyIn = (headers: Headers): string | null => {
  const bearer = /^Bearer +(n[kb]_\S*)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
  const header = headers.get("x-api-key");
  // a gateway in front may have keys of its own; somebody else's does not count beside another credential
  if (header === null || (!/^n[kb]_/.test(header) && headers.has("authorization"))) return bearer;
  if (headers.has("authorization") && bearer !== header) throw unauthenticated();
  return header;
};

export const createApiKeys = (database: Database, cache: PrincipalCache = createPrincipalCache()): ApiKeys => {
  const find = (key: string): Promise<Principal> => {
    if (!isApiKey(key)) throw unauthenticated();
    const keyHash = hashOfKey(key);
    return cache.get(keyHash, async () => {
      const holder = await findHolder(database, keyHash);
      if (holder === null)
        throw new NatterError("unauthenticated", "This API key is not accepted: it is unknown, revoked or expired.");
      return holder;
    });
  };
  return {
    async authenticate(headers) {
      const key = keyIn(headers);
      if (key === null) return null;
      const principal = await find(key);
      const wanted = wantedWorkspace(headers);
      if (wanted !== undefined && wanted !== principal.workspaceId)
        throw new NatterError("not_found", "There is no such workspace.");
      return principal;
    },
    forget: (keyHash) => cache.forget(keyHash),
  };
};
