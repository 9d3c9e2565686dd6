import type { Erasure } from "../../protocol/people/erasure.ts";
import type { Role } from "../../protocol/people/principal.ts";
import type { Requester } from "../requests/requester.ts";

/** What a new account needs on this server. */
export interface SignInOptions {
  readonly signUpNeeds: "setup" | "invitation" | "nothing";
}

export interface SignUpBody {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly invitation?: string | undefined;
  readonly setup?: string | undefined;
}

/** A browser that is signed in; times are ISO 8601 in UTC. */
export interface AccountSession {
  readonly id: string;
  /** What it called itself when it signed in. */
  readonly userAgent: string | null;
  readonly isCurrent: boolean;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** One's own built-in account. */
export interface Account {
  readonly name: string;
  readonly email: string;
  /** Where one is signed in, the newest first. */
  readonly sessions: readonly AccountSession[];
}

export interface ChangeAccountBody {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** Needed for another e-mail address. */
  readonly currentPassword?: string | undefined;
}

/** What an invitation offers. */
export interface InvitationOffer {
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly role: Role;
  readonly expiresAt: string;
}

/** Built-in accounts, for a browser: a success sets or clears its cookie. */
export const accountCalls = ({ json, response }: Requester) => ({
  /** @throws RequestError 404 where the server has no accounts */
  options: (): Promise<SignInOptions> => json("/v1/account/options"),
  signIn: async (email: string, password: string): Promise<void> =>
    void (await response("/v1/account/sign-in", { body: { email, password } })),
  signUp: async (body: SignUpBody): Promise<void> => void (await response("/v1/account/sign-up", { body })),
  signOut: async (): Promise<void> => void (await response("/v1/account/sign-out", { method: "POST" })),
  /** @throws RequestError 409 for somebody who did not sign in with a password */
  get: (): Promise<Account> => json("/v1/account"),
  change: (body: ChangeAccountBody): Promise<Account> => json("/v1/account", { method: "PATCH", body }),
  /** All other sessions end as well. */
  changePassword: async (currentPassword: string, newPassword: string): Promise<void> =>
    void (await response("/v1/account/password", { body: { currentPassword, newPassword } })),
  signOutElsewhere: async (): Promise<void> => void (await response("/v1/account/sessions", { method: "DELETE" })),
  /** Erases yourself, for good, in every workspace. */
  erase: (password: string): Promise<Erasure> => json("/v1/account/erase", { body: { password } }),
  readInvitation: (token: string): Promise<InvitationOffer> => json("/v1/invitations/read", { body: { token } }),
  acceptInvitation: (token: string): Promise<InvitationOffer> => json("/v1/invitations/accept", { body: { token } }),
});
