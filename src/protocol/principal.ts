/** Membership of a user in a workspace. */
export type Role = "owner" | "admin" | "member" | "reader";

/** Who is asking, in which workspace. Made by `auth/` from a request; nothing else makes one. */
export interface Principal {
  readonly userId: string;
  readonly workspaceId: string;
  readonly role: Role;
  readonly name: string | null;
}
