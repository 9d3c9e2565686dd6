import { z } from "zod";

export const roleSchema = z.enum(["owner", "admin", "member", "reader"]);

/** Membership of a user in a workspace. */
export type Role = z.infer<typeof roleSchema>;

/** Who is asking, in which workspace. Made by `auth/` from a request; nothing else makes one. */
export interface Principal {
  readonly userId: string;
  readonly workspaceId: string;
  readonly role: Role;
  readonly name: string | null;
  /** What the issuer of the identity calls this user; absent: it came by a key of ours. */
  readonly subject?: string;
}
