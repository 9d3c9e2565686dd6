import { hash } from "node:crypto";
import type { Principal } from "../protocol/people/principal.ts";

/** A suspension must bite within this time. */
const maxAgeMs = 5_000;
const maxEntries = 10_000;

export interface Recognised {
  readonly principal: Principal;
  /** Milliseconds since the epoch after which it must be verified again. */
  readonly expiresAt: number;
}

/** Remembers who a credential belongs to for a few seconds, so that the hot path runs no statement for it. */
export interface PrincipalCache {
  /** `key` may hold secrets: only its hash is kept. Concurrent callers share one `load`; a rejection is not kept. */
  get(key: string, load: () => Promise<Recognised>): Promise<Principal>;
  /** The next `get` loads again. */
  forget(key: string): void;
  /** The same for everything that stands for this user, and for what is being loaded. */
  forgetUser(userId: string): void;
}

interface Entry {
  until: number;
  /** Null: not known yet. */
  userId: string | null;
  readonly principal: Promise<Principal>;
}

export const createPrincipalCache = (): PrincipalCache => {
  const entries = new Map<string, Entry>();
  const forget = (name: string, entry: Entry): void => {
    if (entries.get(name) === entry) entries.delete(name);
  };
  return {
    get(key, load) {
      const name = hash("sha256", key, "base64url");
      const known = entries.get(name);
      if (known !== undefined && known.until > Date.now()) return known.principal;
      const loading = load();
      const principal = loading.then((recognised) => recognised.principal);
      const entry: Entry = { until: Date.now() + maxAgeMs, userId: null, principal };
      entries.delete(name);
      entries.set(name, entry);
      loading.then(
        (recognised) => {
          entry.until = Math.min(entry.until, recognised.expiresAt);
          entry.userId = recognised.principal.userId;
        },
        () => forget(name, entry),
      );
      if (entries.size > maxEntries) entries.delete(entries.keys().next().value ?? name);
      return entry.principal;
    },
    forget: (key) => void entries.delete(hash("sha256", key, "base64url")),
    forgetUser(userId) {
      for (const [name, entry] of entries) if (entry.userId === null || entry.userId === userId) entries.delete(name);
    },
  };
};
