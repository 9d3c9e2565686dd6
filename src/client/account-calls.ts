import type { Role } from "../protocol/principal.ts";
import type { Requester } from "./requester.ts";

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
  readInvitation: (token: string): Promise<InvitationOffer> => json("/v1/invitations/read", { body: { token } }),
  acceptInvitation: (token: string): Promise<InvitationOffer> => json("/v1/invitations/accept", { body: { token } }),
});
