import { z } from "zod";

export const roleSchema = z.enum(["owner", "admin", "member", "reader"]);

/** Membership of a user in a workspace. */
export type Role = z.infer<typeof roleSchema>;

export const scopeSchema = z.enum(["read", "chat", "keys", "admin", "act-as"]);

/**
 * What a key may be used for, within the role of its owner: `read` what there is, `chat` (send, change, delete), make
 * `keys`, `admin` of the workspace, and `act-as` its users.
 */
export type Scope = z.infer<typeof scopeSchema>;

/** What a workspace decides for its members. */
export interface WorkspacePolicy {
  /** Agent and model where nobody chose; null: the server's. */
  readonly agent: string | null;
  readonly model: string | null;
  /** Model ids that may answer; null: all. */
  readonly allowedModels: readonly string[] | null;
}

/** Who is asking, in which workspace. Made by `auth/` from a request; nothing else makes one. */
export interface Principal {
  readonly userId: string;
  readonly workspaceId: string;
  readonly role: Role;
  readonly name: string | null;
  /** What the issuer of the identity calls this user; absent: it came by a key of ours. */
  readonly subject?: string;
  /** The key that asks; absent: none of ours. */
  readonly keyId?: string;
  /** What that key may be used for; absent: whatever the role allows. */
  readonly scopes?: readonly Scope[];
  /** Who asks in this user's name, by a key with `act-as`. */
  readonly actorId?: string;
  /** True: whoever vouches for the user decides the workspace as well, and there is no other. */
  readonly isPlaced?: true;
  /** The session of a built-in account. */
  readonly sessionId?: string;
  /** Absent: the workspace decides nothing. */
  readonly policy?: WorkspacePolicy;
}
