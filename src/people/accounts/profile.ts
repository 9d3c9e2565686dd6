import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import {
  deleteOtherSessions,
  findAccountRow,
  listSessionRows,
  updateAccountRow,
} from "../../store/identity/account-profile-rows.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import type { Account } from "../../protocol/people/account.ts";

export interface ProfileChange {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

interface Holder {
  readonly accountId: string;
  readonly sessionId: string;
}

/** @throws NatterError `conflict` for somebody who came without a password */
const holderOf = ({ subject, sessionId }: Principal): Holder => {
  if (subject === undefined || sessionId === undefined)
    throw new NatterError("conflict", "Only somebody signed in with a password has an account here.");
  return { accountId: subject, sessionId };
};

/** @throws NatterError `conflict` */
export const readProfile = async (database: Database, principal: Principal): Promise<Account> => {
  const { accountId, sessionId } = holderOf(principal);
  const account = await findAccountRow(database, accountId);
  if (account === undefined) throw new NatterError("not_found", "There is no such account any more.");
  const sessions = (await listSessionRows(database, accountId)).map((row) => ({
    id: row.id,
    userAgent: row.user_agent,
    isCurrent: row.id === sessionId,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }));
  return { ...account, sessions };
};

/** Changes name or address; that the password was asked for is up to the caller. @throws NatterError `conflict` */
export const changeProfile = (database: Database, principal: Principal, change: ProfileChange): Promise<Account> =>
  database.transaction(async () => {
    const { accountId } = holderOf(principal);
    const { name, email } = change;
    const wanted = { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
    if (!(await updateAccountRow(database, accountId, wanted)))
      throw new NatterError("conflict", "Somebody else has an account with this e-mail address.");
    const details = { changed: Object.keys(wanted) };
    await recordDeed(database, principal, { action: "account.change", target: principal.userId, details });
    return readProfile(database, principal);
  });

/** Signs every other browser out. @throws NatterError `conflict` */
export const endOtherSessions = (database: Database, principal: Principal): Promise<void> =>
  database.transaction(async () => {
    const { accountId, sessionId } = holderOf(principal);
    const ended = await deleteOtherSessions(database, accountId, sessionId);
    await recordDeed(database, principal, { action: "session.end-others", details: { ended } });
  });
