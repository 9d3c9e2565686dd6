import { randomBytes } from "node:crypto";
import { cancelOfUser } from "../completions/cancel-of-user.ts";
import type { ResolvedConfig } from "../config/load-config.ts";
import { createMemorySignals } from "../drivers/signals/signals-memory.ts";
import { NatterError } from "../foundation/errors.ts";
import { silentLogger } from "../foundation/logger.ts";
import { createAccounts } from "../people/accounts/accounts.ts";
import { invite } from "../people/invitations.ts";
import { suspendEverywhere } from "../people/suspend.ts";
import type { Database } from "../ports/database.ts";
import { findOwnerId, findUserRows, listUserRows, type UserRow } from "../store/identity/user-rows.ts";
import { eraseEverywhere, type Erasure } from "../transfer/erasing/erase-user.ts";
import { migrate } from "../store/migrate.ts";
import { openDatabase } from "./open-database.ts";
import type { Invitation, InvitedRole } from "../protocol/people/invitation.ts";

const mostShown = 1_000;
const invitationHours = 168;

/** What the operator does with people, on the database itself. */
export interface UserDesk {
  /** Makes an account, and its password if there is none given. */
  create(name: string, email: string, password?: string): Promise<string>;
  list(): Promise<readonly UserRow[]>;
  suspend(named: string, isSuspended: boolean): Promise<UserRow>;
  /** Erases somebody everywhere; servers delete what they left. */
  erase(named: string, successor?: string): Promise<Erasure>;
  invite(workspaceId: string, role: InvitedRole): Promise<Invitation & { readonly token: string }>;
  close(): Promise<void>;
}

const createAccount = async (
  database: Database,
  account: { readonly name: string; readonly email: string; readonly password: string },
): Promise<void> => {
  const accounts = createAccounts({
    database,
    logger: silentLogger,
    // signs the cookie of a session that nobody will use
    secret: randomBytes(32).toString("base64url"),
    signUp: "open",
    isSetupToken: () => true,
  });
  await accounts.signUp(account, { setup: "operator" });
};

const findOne = async (database: Database, named: string): Promise<UserRow> => {
  const [user, ...more] = await findUserRows(database, named);
  if (user === undefined) throw new NatterError("not_found", `There is no user ${named}; "natter user list" shows all`);
  if (more.length > 0)
    throw new NatterError("invalid_request", `${named} is the address of several users; say which by its id`);
  return user;
};

/** Opens the desk; a server that has the built-in database open must be stopped first. */
export const openUserDesk = async (config: ResolvedConfig): Promise<UserDesk> => {
  const database = await openDatabase(config);
  // running nodes look at the database themselves
  const context = { database, signals: createMemorySignals() };
  await migrate(database);
  return {
    async create(name, email, password = randomBytes(15).toString("base64url")) {
      await createAccount(database, { name, email, password });
      return password;
    },
    list: () => listUserRows(database, mostShown),
    async suspend(named, isSuspended) {
      const user = await findOne(database, named);
      await suspendEverywhere(context, null, user.id, isSuspended);
      if (isSuspended) await cancelOfUser(database, { userId: user.id });
      return user;
    },
    async erase(named, successor) {
      const user = await findOne(database, named);
      const successorId = successor === undefined ? undefined : (await findOne(database, successor)).id;
      const erasure = await eraseEverywhere(context, null, { userId: user.id, successorId });
      await cancelOfUser(database, { userId: user.id });
      return erasure;
    },
    async invite(workspaceId, role) {
      const userId = await findOwnerId(database, workspaceId);
      if (userId === undefined) throw new NatterError("not_found", `There is no workspace ${workspaceId}`);
      const by = { userId, workspaceId, role: "owner", name: null } as const;
      return invite(database, by, { role, hours: invitationHours });
    },
    close: () => database.close(),
  };
};
