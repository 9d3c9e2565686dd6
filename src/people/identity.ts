import type { Role } from "../protocol/people/principal.ts";

/** What a source of identity (token, host, loopback) says of the one who asks; verified, but unknown to Natter yet. */
export interface Identity {
  /** Who vouches for `subject`; both together name a person. */
  readonly issuer: string;
  readonly subject: string;
  readonly name: string | null;
  readonly email: string | null;
  /** The workspace, when the source decides it. */
  readonly workspaceId?: string;
  /** The role, when the source decides it. */
  readonly role?: Role;
}

/** Whoever holds the token of this machine. */
export const loopbackIdentity: Identity = { issuer: "loopback", subject: "local", name: null, email: null };
