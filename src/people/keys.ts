import { hash, randomBytes } from "node:crypto";
import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { Principal } from "../protocol/principal.ts";
import {
  findKeyHolder,
  hasLiveKey,
  insertApiKey,
  listApiKeyRows,
  revokeApiKeyRow,
  type ApiKeyRow,
  type KeyOwner,
} from "../store/api-key-rows.ts";

export { hasLiveKey };

const mostKeys = 100;
const shownCharacters = 8;
const pattern = /^nk_[A-Za-z0-9_-]{43}$/;

/** A key as its owner sees it afterwards. */
export interface ApiKey {
  readonly id: string;
  readonly workspaceId: string;
  readonly userId: string;
  readonly name: string;
  /** Its first characters. */
  readonly prefix: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** To the minute. */
  readonly lastUsedAt: string | null;
}

const toApiKey = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  workspaceId: row.workspace_id,
  userId: row.user_id,
  name: row.name,
  prefix: row.prefix,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
});

/** Whether a text is shaped like one of our keys. */
export const isApiKey = (text: string): boolean => pattern.test(text);

/** What is stored of a key. */
export const hashOfKey = (key: string): string => hash("sha256", key, "hex");

export interface NewKey {
  readonly name: string;
  readonly expiresAt?: Date | undefined;
}

/**
 * Makes a key that acts as its owner in that workspace. The key itself is told this once and never again.
 * @throws NatterError `conflict` with 100 keys, `unprocessable` for a time that has passed
 */
export const createKey = async (
  database: Database,
  owner: KeyOwner,
  { name, expiresAt }: NewKey,
): Promise<ApiKey & { readonly key: string }> => {
  if (expiresAt !== undefined && expiresAt.getTime() <= Date.now())
    throw new NatterError("unprocessable", "The time at which the key expires has passed already.");
  const key = `nk_${randomBytes(32).toString("base64url")}`;
  const { workspaceId, userId } = owner;
  const stored = { workspaceId, userId, id: createId(), name, prefix: key.slice(0, shownCharacters) };
  const row = await insertApiKey(database, { ...stored, hash: hashOfKey(key), expiresAt: expiresAt ?? null }, mostKeys);
  if (row === undefined) throw new NatterError("conflict", `You have ${mostKeys} keys here; revoke one first.`);
  return { ...toApiKey(row), key };
};

/** The owner's keys that are not revoked, newest first. */
export const listKeys = async (database: Database, owner: KeyOwner): Promise<ApiKey[]> =>
  (await listApiKeyRows(database, owner)).map(toApiKey);

/**
 * Ends a key for good; what this answers names it to whoever remembers keys.
 * @throws NatterError `not_found`
 */
export const revokeKey = async (database: Database, owner: KeyOwner, id: string): Promise<string> => {
  const revoked = await revokeApiKeyRow(database, owner, id);
  if (revoked === undefined) throw new NatterError("not_found", "There is no such key.");
  return revoked;
};

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
  if (row.suspended_at !== null) throw new NatterError("forbidden", "This account is suspended; ask an administrator.");
  const { user_id: userId, workspace_id: workspaceId, role, name, seconds_left: left } = row;
  const expiresAt = left === null ? Number.POSITIVE_INFINITY : Date.now() + left * 1000;
  return { principal: { userId, workspaceId, role, name }, expiresAt };
};
