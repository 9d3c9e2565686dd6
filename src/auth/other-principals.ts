import { NatterError } from "../foundation/errors.ts";
import { findActedFor, findMember } from "../people/recognise.ts";
import { noSuchWorkspace } from "../people/workspace.ts";
import type { Database } from "../ports/database.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { recordDeed } from "../store/identity/record-deed.ts";
import { authorize } from "./authorize.ts";

const ranks = { reader: 0, member: 1, admin: 2, owner: 3 };

const refuseAbove = (principal: Principal, user: Principal): void => {
  if (ranks[user.role] > ranks[principal.role])
    throw new NatterError("forbidden", "Nobody can act for somebody who may do more than they.");
};

/**
 * A member in whose name an owner or admin does again what that member asked for.
 * @throws NatterError `not_found` for somebody who is no member any more, `forbidden`
 */
export const principalOfMember = async (
  database: Database,
  principal: Principal,
  userId: string,
): Promise<Principal> => {
  authorize(principal, "administer", "workspace");
  if (userId === principal.userId) {
    const { scopes: _ofTheKey, ...own } = principal;
    return own;
  }
  const user = await findActedFor(database, principal.workspaceId, userId);
  refuseAbove(principal, user);
  return { ...user, actorId: principal.userId };
};

/**
 * Who a path is for that names a user: whoever asks, by the id of `/v1/me` or by what the token's issuer calls them, or
 * another member in whose name a key with `act-as` asks (audited) (D1).
 * @throws NatterError `forbidden`; `not_found` for a key that names nobody of its workspace
 */
export const principalNamed = async (database: Database, principal: Principal, named: string): Promise<Principal> => {
  if (named === principal.userId || named === principal.subject) return principal;
  if (principal.keyId === undefined || principal.scopes?.includes("act-as") !== true)
    throw new NatterError("forbidden", "This path names another user; put your own id into it.");
  authorize(principal, "actAs", "workspace");
  const { keyId, scopes, userId: actorId } = principal;
  const user = await findActedFor(database, principal.workspaceId, named);
  refuseAbove(principal, user);
  const acting = { ...user, keyId, scopes, actorId };
  await recordDeed(database, acting, { action: "key.act-as", target: user.userId });
  return acting;
};

/**
 * The same caller in another of their workspaces, for a path that names one.
 * @throws NatterError `not_found` without membership there, `forbidden` when suspended there
 */
export const principalIn = async (
  database: Database,
  principal: Principal,
  workspaceId: string,
): Promise<Principal> => {
  if (workspaceId === principal.workspaceId) return principal;
  if (principal.keyId !== undefined || principal.isPlaced === true) throw noSuchWorkspace();
  const { policy: _elsewhere, ...who } = principal;
  const { role, policy } = await findMember(database, principal.userId, workspaceId);
  return { ...who, workspaceId, role, ...(policy === undefined ? {} : { policy }) };
};
