import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import { adoptPerson, findPerson, insertPerson } from "../../store/identity/people.ts";
import { loopbackIdentity, type Identity } from "../identity.ts";
import { takeInvitationFor } from "../invitations.ts";
import { enrol } from "../recognise.ts";

/** Who vouches for people with an account. */
export const accountIssuer = "account";

/** Why somebody may have an account. */
export type Admission = { readonly by: "setup" | "open" } | { readonly by: "invitation"; readonly token: string };

const identityOf = ({ id, name, email }: AccountUser): Identity => ({
  issuer: accountIssuer,
  subject: id,
  name,
  email,
});

/** What better-auth knows of a person. */
export interface AccountUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** The first account goes on with what was written on this machine before there were any. */
const admitFirst = async (database: Database, account: AccountUser): Promise<void> => {
  if (await adoptPerson(database, loopbackIdentity, identityOf(account))) return;
  await enrol(database, identityOf(account));
};

const admitInvited = async (database: Database, account: AccountUser, token: string): Promise<void> => {
  const userId = createId();
  await insertPerson(database, { id: userId, ...identityOf(account) });
  await takeInvitationFor(database, { userId }, token);
};

/**
 * Makes a user of a new account: an owner of their own workspace, or a member of the one they are invited to; inside the
 * transaction that makes the account.
 * @throws NatterError `invalid_request` for an invitation that can't be used
 */
export const admitAccount = async (database: Database, account: AccountUser, admission: Admission): Promise<void> => {
  switch (admission.by) {
    case "setup":
      await admitFirst(database, account);
      break;
    case "open":
      await enrol(database, identityOf(account));
      break;
    case "invitation":
      await admitInvited(database, account, admission.token);
      break;
  }
  const person = await findPerson(database, accountIssuer, account.id);
  if (person === undefined) throw new NatterError("unavailable", "The account could not be made; try again.");
  const [first] = person.memberships;
  const who = { userId: person.id, workspaceId: first?.workspaceId ?? "" };
  await recordDeed(database, who, { action: "account.create", target: person.id, details: { by: admission.by } });
};

/** Writes a sign-in into the audit log of each workspace of theirs. */
export const recordSignIn = async (database: Database, accountId: string): Promise<void> => {
  const person = await findPerson(database, accountIssuer, accountId);
  for (const { workspaceId } of person?.memberships ?? [])
    await recordDeed(database, { userId: person?.id ?? "", workspaceId }, { action: "session.create" });
};
