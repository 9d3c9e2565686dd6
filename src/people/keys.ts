import { hash, randomBytes } from "node:crypto";
import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { Principal, Scope } from "../protocol/people/principal.ts";
import {
  findKeyHolder,
  hasLiveKey,
  insertApiKey,
  listApiKeyRows,
  revokeApiKeyRow,
  type ApiKeyRow,
  type KeyOwner,
} from "../store/identity/api-key-rows.ts";
import { recordDeed } from "../store/identity/record-deed.ts";
import { suspended } from "./workspace.ts";
import type { ApiKey } from "../protocol/people/api-key.ts";

export { hasLiveKey };

const mostKeys = 100;
const shownCharacters = 8;
const pattern = /^n[kb]_[A-Za-z0-9_-]{43}$/;
const defaultScopes: readonly Scope[] = ["read", "chat"];

const toApiKey = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  workspaceId: row.workspace_id,
  userId: row.user_id,
  name: row.name,
  prefix: row.prefix,
  scopes: [...row.scopes],
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
});

/** Whether a text is shaped like one of our keys. */
export const isApiKey = (text: string): boolean => pattern.test(text);

/** What is stored of a key. */
export const hashOfKey = (key: string): string => hash("sha256", key, "hex");

/** A new secret with 256 random bits, and what is stored of it: `nk_` a key, `nb_` a browser token. */
export const createSecret = (begin: "nk_" | "nb_"): { secret: string; stored: { prefix: string; hash: string } } => {
  const secret = `${begin}${randomBytes(32).toString("base64url")}`;
  return { secret, stored: { prefix: secret.slice(0, shownCharacters), hash: hashOfKey(secret) } };
};

export interface NewKey {
  readonly name: string;
  readonly expiresAt?: Date | undefined;
  /** Default `read` and `chat`. */
  readonly scopes?: readonly Scope[] | undefined;
}

/** Whoever makes or ends keys: a principal, or at the command line the owner alone. */
type KeyMaker = KeyOwner & Partial<Pick<Principal, "keyId" | "actorId">>;

const insert = async (database: Database, owner: KeyMaker, key: NewKey, hashed: { prefix: string; hash: string }) => {
  const { workspaceId, userId } = owner;
  const { name, expiresAt = null } = key;
  const scopes = [...new Set(key.scopes ?? defaultScopes)];
  const kind = scopes.includes("act-as") ? "service" : "personal";
  const id = createId();
  const row = await insertApiKey(
    database,
    { workspaceId, userId, id, name, kind, scopes, expiresAt, ...hashed },
    mostKeys,
  );
  if (row === undefined) throw new NatterError("conflict", `You have ${mostKeys} keys here; revoke one first.`);
  await recordDeed(database, owner, { action: "key.create", target: id, details: { name, scopes } });
  return row;
};

/**
 * Makes a key that acts as its owner in that workspace, as far as its scopes go. The key itself is told this once.
 * @throws NatterError `conflict` with 100 keys, `unprocessable` for a time that has passed
 */
export const createKey = async (
  database: Database,
  owner: KeyMaker,
  given: NewKey,
): Promise<ApiKey & { readonly key: string }> => {
  if (given.expiresAt !== undefined && given.expiresAt.getTime() <= Date.now())
    throw new NatterError("unprocessable", "The time at which the key expires has passed already.");
  const { secret: key, stored } = createSecret("nk_");
  const row = await database.transaction(() => insert(database, owner, given, stored));
  return { ...toApiKey(row), key };
};

/** The owner's keys that are not revoked, newest first. */
export const listKeys = async (database: Database, owner: KeyOwner): Promise<ApiKey[]> =>
  (await listApiKeyRows(database, owner)).map(toApiKey);

/**
 * Ends a key for good; what this answers names it to whoever remembers keys.
 * @throws NatterError `not_found`
 */
export const revokeKey = (database: Database, owner: KeyMaker, id: string): Promise<string> =>
  database.transaction(async () => {
    const revoked = await revokeApiKeyRow(database, owner, id);
    if (revoked === undefined) throw new NatterError("not_found", "There is no such key.");
    await recordDeed(database, owner, { action: "key.revoke", target: id });
    return revoked;
  });

/**
 * Ends a member's key for whoever administers their workspace. Written into the audit log.
 * @throws NatterError `not_found`
 */
export const revokeKeyOf = (database: Database, principal: Principal, userId: string, id: string): Promise<string> =>
  database.transaction(async () => {
    const revoked = await revokeApiKeyRow(database, { workspaceId: principal.workspaceId, userId }, id);
    if (revoked === undefined) throw new NatterError("not_found", "There is no such key.");
    await recordDeed(database, principal, { action: "key.revoke", subjectId: userId, target: id });
    return revoked;
  });

export interface KeyHolder {
  readonly principal: Principal;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Who a key stands for, with the role that they have now; null for a key that is unknown, revoked or expired.
 * @throws NatterError `forbidden` when its owner is suspended
 */
export const findHolder = async (database: Database, keyHash: string): Promise<KeyHolder | null> => {
  const row = await findKeyHolder(database, keyHash);
  if (row === undefined) return null;
  if (row.suspended_at !== null) throw suspended();
  const { user_id: userId, workspace_id: workspaceId, role, name, id: keyId, scopes, policy, seconds_left: left } = row;
  const expiresAt = left === null ? Number.POSITIVE_INFINITY : Date.now() + left * 1000;
  const principal = { userId, workspaceId, role, name, keyId, scopes, ...(policy === null ? {} : { policy }) };
  return { principal, expiresAt };
};
