import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { Principal, Role } from "../protocol/principal.ts";
import {
  findPerson,
  findPersonById,
  insertPerson,
  putMembership,
  updatePerson,
  type PersonRow,
} from "../store/people.ts";
import type { Identity } from "./identity.ts";
import { chooseMembership, personalWorkspaceId } from "./workspace.ts";

const enrol = async (database: Database, identity: Identity): Promise<void> => {
  const id = createId();
  await database.transaction(async () => {
    if (!(await insertPerson(database, { id, ...identity }))) return;
    if (identity.workspaceId !== undefined) return;
    await putMembership(database, {
      workspaceId: personalWorkspaceId(id),
      workspaceName: identity.name ?? "Personal",
      userId: id,
      role: "owner",
    });
  });
};

const find = async (database: Database, identity: Identity): Promise<PersonRow> => {
  const known = await findPerson(database, identity.issuer, identity.subject);
  if (known !== undefined) return known;
  await enrol(database, identity);
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
): Promise<Role> => {
  const stored = person.memberships.find((membership) => membership.workspaceId === workspaceId)?.role;
  const wanted = role ?? stored ?? "member";
  if (stored !== wanted)
    await putMembership(database, { workspaceId, workspaceName: workspaceId, userId: person.id, role: wanted });
  return wanted;
};

/**
 * Turns an identity into a principal: finds the user or makes one with a personal workspace, and decides the workspace.
 * `wantedWorkspaceId` is what the request asks for.
 * @throws NatterError `forbidden` when suspended, `not_found` for a workspace without membership
 */
export const recognise = async (
  database: Database,
  identity: Identity,
  wantedWorkspaceId: string | undefined,
): Promise<Principal> => {
  const person = await find(database, identity);
  if (person.suspended_at !== null)
    throw new NatterError("forbidden", "This account is suspended; ask an administrator.");
  await refreshProfile(database, person, identity);
  const who = { userId: person.id, name: identity.name ?? person.name, subject: identity.subject };
  if (identity.workspaceId !== undefined) {
    if (wantedWorkspaceId !== undefined && wantedWorkspaceId !== identity.workspaceId)
      throw new NatterError("not_found", "There is no such workspace.");
    return {
      ...who,
      workspaceId: identity.workspaceId,
      role: await join(database, person, identity.workspaceId, identity.role),
    };
  }
  const membership = chooseMembership(person.id, person.memberships, wantedWorkspaceId);
  return { ...who, workspaceId: membership.workspaceId, role: identity.role ?? membership.role };
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
  const { workspaceId, role } = chooseMembership(person.id, person.memberships, wantedWorkspaceId);
  return { userId: person.id, workspaceId, role, name: person.name };
};
