import type { Erasure } from "../../protocol/people/erasure.ts";
import type { Account, SignInOptions } from "../../protocol/people/account.ts";
import type { InvitationOffer } from "../../protocol/people/invitation.ts";
import type { ChangeAccountBody, SignUpBody } from "./bodies.ts";
import type { Requester } from "../requests/requester.ts";

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
