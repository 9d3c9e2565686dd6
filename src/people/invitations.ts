import { hash, randomBytes } from "node:crypto";
import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { Principal } from "../protocol/people/principal.ts";
import {
  findInvitation,
  insertInvitation,
  listInvitationRows,
  revokeInvitation,
  takeInvitation,
  type InvitationRow,
} from "../store/identity/invitation-rows.ts";
import { insertMember } from "../store/identity/member-rows.ts";
import { recordDeed } from "../store/identity/record-deed.ts";
import { publishStanding, type PeopleContext } from "./context.ts";
import type { Invitation, InvitationOffer, InvitedRole } from "../protocol/people/invitation.ts";

const mostOpen = 200;
const tokenPattern = /^ni_[A-Za-z0-9_-]{22}$/;

const toInvitation = (row: InvitationRow): Invitation => ({
  id: row.id,
  role: row.role,
  note: row.note,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
});

const toOffer = (row: InvitationRow): InvitationOffer => ({
  workspaceId: row.workspace_id,
  workspaceName: row.workspace_name,
  role: row.role,
  expiresAt: row.expires_at.toISOString(),
});

/** The one answer to a token that can't be used: whether it ever could is not told. */
const badInvitation = (): NatterError =>
  new NatterError("invalid_request", "This invitation is not valid: it was used or taken back, or its time is over.");

const hashOf = (token: string): string => {
  if (!tokenPattern.test(token)) throw badInvitation();
  return hash("sha256", token, "hex");
};

export interface InvitationDraft {
  readonly role: InvitedRole;
  readonly note?: string | undefined;
  /** How long it can be used. */
  readonly hours: number;
}

/**
 * Makes a link of 128 random bits that lets one person into the principal's workspace. Its token is told this once.
 * @throws NatterError `conflict` with 200 open ones
 */
export const invite = async (
  database: Database,
  principal: Principal,
  { role, note, hours }: InvitationDraft,
): Promise<Invitation & { readonly token: string }> => {
  const token = `ni_${randomBytes(16).toString("base64url")}`;
  const { workspaceId, userId: createdBy } = principal;
  const row = await database.transaction(async () => {
    const given = { workspaceId, id: createId(), hash: hashOf(token), role, note: note ?? null, createdBy, hours };
    const made = await insertInvitation(database, given, mostOpen);
    if (made === undefined)
      throw new NatterError("conflict", `There are ${mostOpen} open invitations; take some back first.`);
    await recordDeed(database, principal, { action: "invitation.create", target: made.id, details: { role } });
    return made;
  });
  return { ...toInvitation(row), token };
};

/** Those of the principal's workspace that can still be used. */
export const listInvitations = async (database: Database, { workspaceId }: Principal): Promise<Invitation[]> =>
  (await listInvitationRows(database, workspaceId)).map(toInvitation);

/** @throws NatterError `not_found` */
export const withdrawInvitation = (database: Database, principal: Principal, id: string): Promise<void> =>
  database.transaction(async () => {
    if (!(await revokeInvitation(database, principal.workspaceId, id)))
      throw new NatterError("not_found", "There is no such invitation.");
    await recordDeed(database, principal, { action: "invitation.revoke", target: id });
  });

/** What a token offers. @throws NatterError `invalid_request` when it can't be used */
export const readInvitation = async (database: Database, token: string): Promise<InvitationOffer> => {
  const row = await findInvitation(database, hashOf(token));
  if (row === undefined) throw badInvitation();
  return toOffer(row);
};

/** Who comes in by an invitation. */
export type Invited = Pick<Principal, "userId">;

/**
 * Uses an invitation up and makes the user a member; belongs into a transaction. Of any number at a time one succeeds.
 * @throws NatterError `invalid_request` when it can't be used, `conflict` for a member
 */
export const takeInvitationFor = async (
  database: Database,
  { userId }: Invited,
  token: string,
): Promise<InvitationOffer> => {
  const row = await takeInvitation(database, hashOf(token), userId);
  if (row === undefined) throw badInvitation();
  const { workspace_id: workspaceId, role, id, created_by: invitedBy } = row;
  if (!(await insertMember(database, { workspaceId, userId, role })))
    throw new NatterError("conflict", "You are a member of this workspace already.");
  const deed = { action: "invitation.accept", target: id, subjectId: userId, details: { role, invitedBy } };
  await recordDeed(database, { userId, workspaceId }, deed);
  return toOffer(row);
};

/** The same for somebody who is known already. */
export const acceptInvitation = async (
  context: PeopleContext,
  principal: Principal,
  token: string,
): Promise<InvitationOffer> => {
  const { database } = context;
  const offer = await database.transaction(() => takeInvitationFor(database, principal, token));
  publishStanding(context, principal.userId);
  return offer;
};
