import { AsyncLocalStorage } from "node:async_hooks";
import { NatterError } from "../../foundation/errors.ts";
import { hasAccountRow } from "../../store/identity/account-tables.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { Identity } from "../identity.ts";
import { readInvitation } from "../invitations.ts";
import type { AccountOptions } from "./account-context.ts";
import { accountIssuer, admitAccount, recordSignIn, type Admission } from "./admit-account.ts";
import { createAccountEngine, type AccountEngine } from "./engine.ts";
import { refusalOf } from "./refusal.ts";

const longestAgent = 300;

/** Somebody who has proved who they are: what sets, or clears, their cookie. */
export interface SessionCookies {
  readonly cookies: readonly string[];
}

export interface NewAccount {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** What lets a new account in; none is needed where anybody may come. */
export interface Credentials {
  readonly setup?: string | undefined;
  readonly invitation?: string | undefined;
}

export interface SignedIn {
  readonly identity: Identity;
  readonly sessionId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Built-in accounts: e-mail and password, and sessions in our database. */
export interface Accounts {
  /** Loads what is needed. @throws NatterError `unavailable` when it is not installed */
  ready(): Promise<void>;
  /** Name of the cookie of a session. */
  readonly cookie: string;
  /** What a new account needs just now. */
  signUpNeeds(): Promise<"setup" | "invitation" | "nothing">;
  /** @throws NatterError `forbidden` without what is needed, `conflict`, `unprocessable`, `invalid_request` for an invitation */
  signUp(account: NewAccount, credentials: Credentials): Promise<SessionCookies>;
  /** @throws NatterError `unauthenticated` */
  signIn(credentials: { readonly email: string; readonly password: string }, headers: Headers): Promise<SessionCookies>;
  /** Written down for somebody whose session ends. */
  signOut(headers: Headers, principal: Principal): Promise<SessionCookies>;
  /** That whoever asks knows the password of their session's account. @throws NatterError `unauthenticated` */
  verifyPassword(headers: Headers, password: string): Promise<void>;
  /** Ends all other sessions as well. @throws NatterError `unauthenticated` for another password than the current one */
  changePassword(
    headers: Headers,
    principal: Principal,
    change: { readonly from: string; readonly to: string },
  ): Promise<SessionCookies>;
  /** Whose session a request carries; null: none that is good. */
  identify(headers: Headers): Promise<SignedIn | null>;
}

const cookiesOf = ({ headers }: { readonly headers: Headers | null | undefined }): SessionCookies => ({
  cookies: headers?.getSetCookie() ?? [],
});

interface Pending {
  readonly admission: Admission;
  /** better-auth hides what a table throws. */
  failure?: unknown;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const createMade = ({ database }: AccountOptions, pending: AsyncLocalStorage<Pending>) => {
  return async (model: string, row: Readonly<Record<string, unknown>>): Promise<void> => {
    if (model === "account_session") return recordSignIn(database, textOf(row["user_id"]));
    const current = pending.getStore();
    if (model !== "account_user" || current === undefined) return;
    const account = { id: textOf(row["id"]), name: textOf(row["name"]), email: textOf(row["email"]) };
    await admitAccount(database, account, current.admission).catch((thrown: unknown) => {
      current.failure = thrown;
      throw thrown;
    });
  };
};

type Attempt = <Result>(work: (engine: AccountEngine) => Promise<Result>) => Promise<Result>;

/** What better-auth is asked; loaded at the first use. */
const createAttempt = (open: () => Promise<AccountEngine>): Attempt => {
  return async (work) => {
    const opened = await open();
    return work(opened).catch((thrown: unknown) => {
      throw refusalOf(thrown, opened.isAPIError);
    });
  };
};

const admissionOf = async (
  { database, signUp, isSetupToken }: AccountOptions,
  { setup, invitation }: Credentials,
): Promise<Admission> => {
  if (!(await hasAccountRow(database))) {
    if (setup !== undefined && isSetupToken(setup)) return { by: "setup" };
    throw new NatterError(
      "forbidden",
      "The first account is made with the link that the server prints when it starts.",
    );
  }
  if (invitation !== undefined) {
    // looked at before the address is: whoever has none must not learn who has an account
    await readInvitation(database, invitation);
    return { by: "invitation", token: invitation };
  }
  if (signUp === "open") return { by: "open" };
  throw new NatterError("forbidden", "Accounts are made by invitation here; ask an owner or admin for a link.");
};

const createRegister =
  ({ database }: AccountOptions, attempt: Attempt, pending: AsyncLocalStorage<Pending>) =>
  async (body: NewAccount, admission: Admission): Promise<SessionCookies> => {
    const current: Pending = { admission };
    const made = attempt(({ auth }) =>
      pending.run(current, () => database.transaction(() => auth.api.signUpEmail({ body, returnHeaders: true }))),
    );
    return cookiesOf(
      await made.catch((thrown: unknown) => {
        throw current.failure ?? thrown;
      }),
    );
  };

/** Turns accounts on; better-auth is loaded at the first use. */
export const createAccounts = (options: AccountOptions): Accounts => {
  const { database, signUp: mode, publicUrl } = options;
  const pending = new AsyncLocalStorage<Pending>();
  let engine: Promise<AccountEngine> | undefined;
  const open = (): Promise<AccountEngine> => (engine ??= createAccountEngine(options, createMade(options, pending)));
  const attempt = createAttempt(open);
  const register = createRegister(options, attempt, pending);
  return {
    ready: async () => void (await open()),
    cookie: `${publicUrl?.startsWith("https:") === true ? "__Secure-" : ""}natter.session_token`,
    async signUpNeeds() {
      if (!(await hasAccountRow(database))) return "setup";
      return mode === "open" ? "nothing" : "invitation";
    },
    // two first accounts must not both find that there is none
    signUp: (account, credentials) =>
      database.exclusive("account.create", async () => register(account, await admissionOf(options, credentials))),
    signIn: async (body, headers) => {
      const device = new Headers({ "user-agent": headers.get("user-agent")?.slice(0, longestAgent) ?? "" });
      return cookiesOf(
        await attempt(({ auth }) => auth.api.signInEmail({ body, headers: device, returnHeaders: true })),
      );
    },
    verifyPassword: async (headers, password) =>
      void (await attempt(({ auth }) => auth.api.verifyPassword({ headers, body: { password } }))),
    signOut: (headers, principal) =>
      database.transaction(async () => {
        const ended = cookiesOf(await attempt(({ auth }) => auth.api.signOut({ headers, returnHeaders: true })));
        if (principal.sessionId !== undefined) await recordDeed(database, principal, { action: "session.end" });
        return ended;
      }),
    changePassword: (headers, principal, { from, to }) =>
      database.transaction(async () => {
        const body = { currentPassword: from, newPassword: to, revokeOtherSessions: true };
        const changed = await attempt(({ auth }) => auth.api.changePassword({ headers, body, returnHeaders: true }));
        await recordDeed(database, principal, { action: "account.password", target: principal.userId });
        return cookiesOf(changed);
      }),
    async identify(headers) {
      const found = await attempt(({ auth }) => auth.api.getSession({ headers }));
      if (found === null) return null;
      const { user, session } = found;
      const identity = { issuer: accountIssuer, subject: user.id, name: user.name, email: user.email };
      return { identity, sessionId: session.id, expiresAt: session.expiresAt.getTime() };
    },
  };
};
