import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";
import type { Principal, Role } from "../protocol/people/principal.ts";
import {
  countOtherOwners,
  deleteMember,
  findMemberRow,
  listMemberRows,
  updateMember,
  type MemberCursor,
  type MemberRow,
} from "../store/identity/member-rows.ts";
import { recordDeed } from "../store/identity/record-deed.ts";
import { findWorkspaceRow } from "../store/identity/workspace-rows.ts";
import { publishStanding, type PeopleContext } from "./context.ts";
import type { Member } from "../protocol/people/workspace.ts";

export interface MemberList {
  readonly data: Member[];
  readonly nextCursor: MemberCursor | null;
}

const toMember = (row: MemberRow, viewer: Principal): Member => ({
  userId: row.user_id,
  role: row.role,
  name: row.name,
  email: ["owner", "admin"].includes(viewer.role) || row.user_id === viewer.userId ? row.email : null,
  suspended: row.suspended_at !== null || row.banned_at !== null,
  joinedAt: row.created_at.toISOString(),
});

/** Everybody in the principal's workspace. */
export const listMembers = async (
  database: Database,
  viewer: Principal,
  { cursor, limit }: { readonly cursor: MemberCursor | undefined; readonly limit: number },
): Promise<MemberList> => {
  const rows = await listMemberRows(database, viewer.workspaceId, { after: cursor, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map((row) => toMember(row, viewer)),
    nextCursor: rows.length > limit && last !== undefined ? { userId: last.user_id } : null,
  };
};

const noSuchMember = (): NatterError => new NatterError("not_found", "There is no such member.");

const lastOwner = (): NatterError =>
  new NatterError("conflict", "This is the last owner of the workspace; make somebody else an owner first.");

/** Who changes members, and the one decision on whether they may do so with owners: it throws when they may not. */
export interface MemberAuthority {
  readonly principal: Principal;
  readonly requireRule: () => void;
}

/** Locks the workspace, so that two owners can't remove each other at once, and finds the member. */
const openMember = async (
  database: Database,
  { workspaceId }: Principal,
  userId: string,
): Promise<{ before: MemberRow; isLastOwner: boolean }> => {
  await findWorkspaceRow(database, workspaceId, { lock: true });
  const before = await findMemberRow(database, workspaceId, userId);
  if (before === undefined) throw noSuchMember();
  const isLastOwner = before.role === "owner" && (await countOtherOwners(database, workspaceId, userId)) === 0;
  return { before, isLastOwner };
};

/** Absent members stay as they are. */
export interface MemberChange {
  readonly role?: Role | undefined;
  readonly suspended?: boolean | undefined;
}

/** What was done, in the words of the audit log. */
const deedsOf = (before: MemberRow, { role, suspended }: MemberChange): (readonly [string, object])[] => [
  ...(role === undefined || role === before.role
    ? []
    : [["member.change-role", { from: before.role, to: role }] as const]),
  ...(suspended === undefined || suspended === (before.suspended_at !== null)
    ? []
    : [[suspended ? "member.suspend" : "member.unsuspend", {}] as const]),
];

/**
 * Changes a member's role, or suspends them in this workspace: their streams and sockets are cut on every node.
 * @throws NatterError `not_found`, `forbidden` for an owner changed by an admin, `conflict` for the last owner
 */
export const changeMember = async (
  context: PeopleContext,
  { principal, requireRule }: MemberAuthority,
  userId: string,
  change: MemberChange,
): Promise<Member> => {
  const { database } = context;
  const { workspaceId } = principal;
  const member = await database.transaction(async () => {
    const { before, isLastOwner } = await openMember(database, principal, userId);
    if (before.role === "owner" || change.role === "owner") requireRule();
    const role = change.role ?? before.role;
    const isSuspended = change.suspended ?? before.suspended_at !== null;
    if (isLastOwner && (role !== "owner" || isSuspended)) throw lastOwner();
    await updateMember(database, { workspaceId, userId }, { role, isSuspended });
    for (const [action, details] of deedsOf(before, change))
      await recordDeed(database, principal, { action, subjectId: userId, target: userId, details: { ...details } });
    const after = await findMemberRow(database, workspaceId, userId);
    if (after === undefined) throw noSuchMember();
    return toMember(after, principal);
  });
  publishStanding(context, userId);
  return member;
};

/**
 * Takes a member out of the workspace; what they wrote stays. Whoever asks may always leave.
 * @throws NatterError `not_found`, `forbidden` for an owner removed by an admin, `conflict` for the last owner
 */
export const removeMember = async (
  context: PeopleContext,
  { principal, requireRule }: MemberAuthority,
  userId: string,
): Promise<void> => {
  const { database } = context;
  await database.transaction(async () => {
    const { before, isLastOwner } = await openMember(database, principal, userId);
    if (userId !== principal.userId && before.role === "owner") requireRule();
    if (isLastOwner) throw lastOwner();
    await deleteMember(database, principal.workspaceId, userId);
    const action = userId === principal.userId ? "member.leave" : "member.remove";
    await recordDeed(database, principal, {
      action,
      subjectId: userId,
      target: userId,
      details: { role: before.role },
    });
  });
  publishStanding(context, userId);
};
