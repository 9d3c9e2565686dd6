import { NatterError } from "../foundation/errors.ts";
import type { Role, WorkspacePolicy } from "../protocol/people/principal.ts";

const personalPrefix = "personal-";

/** The workspace that a user gets at first sight, alone in it. */
export const personalWorkspaceId = (userId: string): string => `${personalPrefix}${userId}`;

/** Whether a source of identity may name this workspace: never somebody's personal one. */
export const isNameableWorkspace = (id: string): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/.test(id) && !id.startsWith(personalPrefix);

export interface Membership {
  readonly workspaceId: string;
  readonly role: Role;
  readonly isSuspended: boolean;
  readonly policy: WorkspacePolicy | null;
}

/** The one answer for a workspace that is not there, and for one that the caller is not in. */
export const noSuchWorkspace = (): NatterError => new NatterError("not_found", "There is no such workspace.");

/** The one answer to somebody who is suspended, here or everywhere. */
export const suspended = (): NatterError =>
  new NatterError("forbidden", "This account is suspended; ask an administrator.");

const standing = (membership: Membership): Membership => {
  if (membership.isSuspended) throw suspended();
  return membership;
};

/**
 * The workspace of a request: the one asked for, else the personal one, else the first that was joined.
 * @throws NatterError `not_found` without membership there, `forbidden` when suspended there; `invalid_request` when none can be chosen
 */
export const chooseMembership = (
  userId: string,
  memberships: readonly Membership[],
  wanted: string | undefined,
): Membership => {
  if (wanted !== undefined) {
    const found = memberships.find((membership) => membership.workspaceId === wanted);
    if (found === undefined) throw noSuchWorkspace();
    return standing(found);
  }
  const personal = memberships.find((membership) => membership.workspaceId === personalWorkspaceId(userId));
  const chosen = personal ?? memberships.find(({ isSuspended }) => !isSuspended) ?? memberships[0];
  if (chosen === undefined)
    throw new NatterError("invalid_request", "This user is a member of no workspace; make or join one first.");
  return standing(chosen);
};
