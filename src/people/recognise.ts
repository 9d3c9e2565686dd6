import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { Principal, Role } from "../protocol/people/principal.ts";
import {
  findPerson,
  findPersonById,
  insertPerson,
  putMembership,
  updatePerson,
  type PersonRow,
} from "../store/identity/people.ts";
import { findNamedMember } from "../store/identity/member-rows.ts";
import type { Identity } from "./identity.ts";
import { chooseMembership, personalWorkspaceId, suspended, type Membership } from "./workspace.ts";

const putPersonal = (database: Database, userId: string, name: string | null): Promise<unknown> =>
  putMembership(database, {
    workspaceId: personalWorkspaceId(userId),
    workspaceName: name ?? "Personal",
    userId,
    role: "owner",
  });

/** Makes a user, and a workspace of their own where nobody else decides one. Null: somebody has just made the same. */
export const enrol = (database: Database, identity: Identity): Promise<string | null> =>
  database.transaction(async () => {
    const id = createId();
    if (!(await insertPerson(database, { id, ...identity }))) return null;
    if (identity.workspaceId !== undefined) return id;
    await putPersonal(database, id, identity.name);
    return id;
  });

const find = async (database: Database, identity: Identity): Promise<PersonRow> => {
  const known = await findPerson(database, identity.issuer, identity.subject);
  const isNowhere = known?.memberships.length === 0 && identity.workspaceId === undefined;
  if (known !== undefined && !isNowhere) return known;
  // somebody who was removed from the last workspace has one of their own again
  if (known !== undefined) await putPersonal(database, known.id, known.name);
  else await enrol(database, identity);
  const made = await findPerson(database, identity.issuer, identity.subject);
  if (made === undefined)
    throw new NatterError("unavailable", "This account could not be set up; try again.", { retryAfter: 1 });
  return made;
};

const refreshProfile = async (database: Database, person: PersonRow, identity: Identity): Promise<void> => {
  const name = identity.name ?? person.name;
  const email = identity.email ?? person.email;
  if (name !== person.name || email !== person.email) await updatePerson(database, person.id, { name, email });
};

const join = async (
  database: Database,
  person: PersonRow,
  workspaceId: string,
  role: Role | undefined,
): Promise<Membership> => {
  const stored = person.memberships.find((membership) => membership.workspaceId === workspaceId);
  if (stored?.isSuspended === true) throw suspended();
  const wanted = role ?? stored?.role ?? "member";
  if (stored?.role !== wanted)
    await putMembership(database, { workspaceId, workspaceName: workspaceId, userId: person.id, role: wanted });
  return { workspaceId, role: wanted, isSuspended: false, policy: stored?.policy ?? null };
};

const policyOf = ({ policy }: Membership): Pick<Principal, "policy"> => (policy === null ? {} : { policy });

/**
 * Turns an identity into a principal: finds the user or makes one with a personal workspace, and decides the workspace.
 * `wantedWorkspaceId` is what the request asks for.
 * @throws NatterError `forbidden` when suspended (everywhere, or there), `not_found` for a workspace without membership
 */
export const recognise = async (
  database: Database,
  identity: Identity,
  wantedWorkspaceId: string | undefined,
): Promise<Principal> => {
  const person = await find(database, identity);
  if (person.suspended_at !== null) throw suspended();
  await refreshProfile(database, person, identity);
  const who = { userId: person.id, name: identity.name ?? person.name, subject: identity.subject };
  if (identity.workspaceId !== undefined) {
    if (wantedWorkspaceId !== undefined && wantedWorkspaceId !== identity.workspaceId)
      throw new NatterError("not_found", "There is no such workspace.");
    const joined = await join(database, person, identity.workspaceId, identity.role);
    return { ...who, workspaceId: identity.workspaceId, role: joined.role, isPlaced: true, ...policyOf(joined) };
  }
  const membership = chooseMembership(person.id, person.memberships, wantedWorkspaceId);
  const { workspaceId, role } = membership;
  return { ...who, workspaceId, role: identity.role ?? role, ...policyOf(membership) };
};

/**
 * A known user in a workspace of theirs.
 * @throws NatterError `not_found` for an unknown user, or a workspace without membership
 */
export const findMember = async (
  database: Database,
  userId: string,
  wantedWorkspaceId: string | undefined,
): Promise<Principal> => {
  const person = await findPersonById(database, userId);
  if (person === undefined) throw new NatterError("not_found", `There is no user ${userId}; GET /v1/me tells an id.`);
  const membership = chooseMembership(person.id, person.memberships, wantedWorkspaceId);
  const { workspaceId, role } = membership;
  return { userId: person.id, workspaceId, role, name: person.name, ...policyOf(membership) };
};

/**
 * The member that a key asks for: by Natter's id of the user, or by what their issuer calls them.
 * @throws NatterError `not_found`, `forbidden` when suspended
 */
export const findActedFor = async (database: Database, workspaceId: string, named: string): Promise<Principal> => {
  const member = await findNamedMember(database, workspaceId, named);
  if (member === undefined) throw new NatterError("not_found", "There is no such user in this workspace.");
  if (member.banned_at !== null) throw suspended();
  return findMember(database, member.user_id, workspaceId);
};
