import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { Principal, Scope } from "../protocol/people/principal.ts";
import { insertBrowserToken, purgeBrowserTokens } from "../store/identity/api-key-rows.ts";
import { recordDeed } from "../store/identity/record-deed.ts";
import { createSecret } from "./keys.ts";
import { recognise } from "./recognise.ts";

export { purgeBrowserTokens };

export interface NewBrowserToken {
  /** What the key's owner calls this user; another workspace's user of that name is somebody else. */
  readonly userId: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly scopes: readonly Extract<Scope, "read" | "chat">[];
  readonly seconds: number;
}

/** A credential that may be given to a browser. */
export interface BrowserToken {
  readonly token: string;
  /** Natter's id of the user. */
  readonly userId: string;
  readonly workspaceId: string;
  readonly expiresAt: string;
}

/**
 * Exchanges a service key for a token of one user of its workspace, who is made a member at first sight.
 * @throws NatterError `forbidden` for a user who is suspended, or who may do more than the key's owner expects of users
 */
export const issueBrowserToken = async (
  database: Database,
  service: Principal & { readonly keyId: string },
  { userId: subject, name, email, scopes, seconds }: NewBrowserToken,
): Promise<BrowserToken> => {
  const { workspaceId } = service;
  const profile = { name: name ?? null, email: email ?? null };
  const identity = { issuer: `workspace:${workspaceId}`, subject, workspaceId, ...profile };
  const user = await recognise(database, identity, undefined);
  if (user.role === "owner" || user.role === "admin")
    throw new NatterError("forbidden", "There are no browser tokens for owners and admins.");
  const { secret, stored } = createSecret("nb_");
  const id = createId();
  const expiresAt = await database.transaction(async () => {
    const token = { workspaceId, userId: user.userId, id, scopes, madeBy: service.keyId, seconds, ...stored };
    const until = await insertBrowserToken(database, token);
    await recordDeed(database, service, { action: "token.issue", subjectId: user.userId, target: id });
    return until;
  });
  return { token: secret, userId: user.userId, workspaceId, expiresAt: expiresAt.toISOString() };
};
