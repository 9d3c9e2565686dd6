import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import { accountIssuer } from "../../people/accounts/admit-account.ts";
import { publishStanding, type PeopleContext } from "../../people/context.ts";
import { personalWorkspaceId } from "../../people/workspace.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { blankAudit, renameWorkspace } from "../../store/erasing/leftover-rows.ts";
import { orderErasing } from "../../store/erasing/order-rows.ts";
import {
  countMemberships,
  endMembership,
  eraseAccount,
  erasePerson,
  isKnownIn,
  listWorkspacesOf,
  lockPerson,
  lockWorkspacesOf,
  promote,
  type ErasableRow,
  type LeftWorkspaceRow,
} from "../../store/erasing/person-rows.ts";
import { findNamedMember } from "../../store/identity/member-rows.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";

const noSuchUser = (): NatterError => new NatterError("not_found", "There is no such user.");

/** What was begun. */
export interface Erasure {
  readonly userId: string;
  /** Workspaces in which jobs delete what the user left, of those that whoever asked for it knows of. */
  readonly workspaceIds: readonly string[];
  /** Whether the person is gone as well; false: they are still in other workspaces. */
  readonly isGone: boolean;
}

/** By whom somebody is erased; null: by the operator at the command line. */
export type ErasedBy = Pick<Principal, "userId" | "workspaceId" | "keyId" | "actorId"> | null;

export interface ErasureWish {
  readonly userId: string;
  /** Who owns from now on what the user owned alone while others are in it. */
  readonly successorId?: string | undefined;
}

/** Sees to it that a workspace in which others are has an owner. @throws NatterError `conflict` */
const leave = async (
  database: Database,
  { userId, successorId }: ErasureWish,
  { workspace_id: workspaceId, role, others, other_owners }: LeftWorkspaceRow,
): Promise<void> => {
  const leavesNobodyToOwn = role === "owner" && others > 0 && other_owners === 0;
  if (leavesNobodyToOwn && (successorId === undefined || successorId === userId))
    throw new NatterError(
      "conflict",
      `This is the only owner of the workspace ${workspaceId}, and others are in it; make somebody else an owner first, or name a successor.`,
    );
  if (leavesNobodyToOwn && !(await promote(database, workspaceId, successorId ?? "")))
    throw new NatterError("conflict", `The successor is no member of the workspace ${workspaceId}, or is suspended.`);
  if (workspaceId === personalWorkspaceId(userId) && others > 0)
    await renameWorkspace(database, workspaceId, "Workspace");
  await endMembership(database, workspaceId, userId);
};

interface Ordered {
  readonly by: ErasedBy;
  readonly userId: string;
  readonly workspaceIds: readonly string[];
  readonly isGone: boolean;
}

const order = async (database: Database, { by, userId, workspaceIds, isGone }: Ordered): Promise<void> => {
  for (const workspaceId of workspaceIds)
    await orderErasing(database, { workspaceId, userId }, { id: createId(), payload: { isGone } });
  const deed = { action: "user.erase", subjectId: userId, target: userId };
  // other workspaces are not told who decided it, and from where: to them it is the server that does it
  const told = by === null || (by.actorId ?? by.userId) === userId ? workspaceIds : [by.workspaceId];
  for (const workspaceId of told) await recordDeed(database, by, { ...deed, workspaceId });
  if (workspaceIds.length > 0) return;
  await recordDeed(database, by, { ...deed, workspaceId: null });
  await blankAudit(database, userId);
};

const lock = async (database: Database, userId: string): Promise<ErasableRow> => {
  const person = await lockPerson(database, userId);
  if (person === undefined) throw noSuchUser();
  return person;
};

const makeNobody = async (database: Database, person: ErasableRow): Promise<void> => {
  await erasePerson(database, person);
  if (person.issuer === accountIssuer) await eraseAccount(database, person);
};

/**
 * Erases a user from this server: at once they are nobody, their keys, sessions and streams end; jobs delete what they
 * left. Written into the audit log.
 * @throws NatterError `not_found`, `conflict` where others would be left without an owner
 */
export const eraseEverywhere = async (context: PeopleContext, by: ErasedBy, wish: ErasureWish): Promise<Erasure> => {
  const { database } = context;
  const { userId } = wish;
  const workspaceIds = await database.transaction(async () => {
    const person = await lock(database, userId);
    const places = await listWorkspacesOf(database, userId);
    for (const place of await lockWorkspacesOf(database, userId)) await leave(database, wish, place);
    await makeNobody(database, person);
    await order(database, { by, userId, workspaceIds: places, isGone: true });
    return places;
  });
  publishStanding(context, userId);
  return { userId, workspaceIds, isGone: true };
};

/** Who erases a member, and the one decision on whether they may do so with owners: it throws when they may not. */
export interface ErasingAuthority {
  readonly principal: Principal;
  readonly requireRule: () => void;
}

/**
 * Erases what a user has in the principal's workspace, and, when they are in no other, the person as well, with what they
 * left where they once were. Also of somebody who left it. A member may be called as their issuer calls them.
 * @throws NatterError `not_found`, `forbidden` for an owner erased by an admin, `conflict` where others would be left without an owner
 */
export const eraseHere = async (
  context: PeopleContext,
  { principal, requireRule }: ErasingAuthority,
  given: ErasureWish,
): Promise<Erasure> => {
  const { database } = context;
  const { workspaceId } = principal;
  const named = await findNamedMember(database, workspaceId, given.userId);
  const wish = { ...given, userId: named?.user_id ?? given.userId };
  const { userId } = wish;
  const isGone = await database.transaction(async () => {
    if (!(await isKnownIn(database, workspaceId, userId))) throw noSuchUser();
    const person = await lock(database, userId);
    const [place] = await lockWorkspacesOf(database, userId, workspaceId);
    if (place?.role === "owner") requireRule();
    if (place !== undefined) await leave(database, wish, place);
    const isNowhere = (await countMemberships(database, userId)) === 0;
    // whoever is in no workspace is asked for by none: what they left where they once were goes now or never
    const workspaceIds = isNowhere
      ? [...new Set([workspaceId, ...(await listWorkspacesOf(database, userId))])]
      : [workspaceId];
    if (isNowhere) await makeNobody(database, person);
    await order(database, { by: principal, userId, workspaceIds, isGone: isNowhere });
    return isNowhere;
  });
  publishStanding(context, userId);
  return { userId, workspaceIds: [workspaceId], isGone };
};
