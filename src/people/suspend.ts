import { NatterError } from "../foundation/errors.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { recordDeed } from "../store/identity/record-deed.ts";
import { findPersonById, setSuspended } from "../store/identity/people.ts";
import { publishStanding, type PeopleContext } from "./context.ts";

/**
 * Suspends a user in every workspace, or lifts it: for the operator. Nothing of theirs is answered any more, and their
 * streams and sockets are cut on every node.
 * @param by null: the operator at the command line
 * @throws NatterError `not_found`
 */
export const suspendEverywhere = async (
  context: PeopleContext,
  by: Principal | null,
  userId: string,
  isSuspended: boolean,
): Promise<void> => {
  const { database } = context;
  await database.transaction(async () => {
    if ((await findPersonById(database, userId)) === undefined)
      throw new NatterError("not_found", `There is no user ${userId}.`);
    await setSuspended(database, userId, isSuspended);
    const action = isSuspended ? "user.suspend" : "user.unsuspend";
    await recordDeed(database, by, { action, subjectId: userId, target: userId, workspaceId: null });
  });
  publishStanding(context, userId);
};
