import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { Identity } from "../people/identity.ts";
import { isNameableWorkspace } from "../people/workspace.ts";
import { roleSchema, type Role } from "../protocol/principal.ts";

/** Who the host application says is asking. */
export interface HostUser {
  /** The host's own id of the user. */
  readonly userId: string;
  /** Absent: the header `Natter-Workspace` against membership, else the user's only or personal workspace. */
  readonly workspaceId?: string | undefined;
  readonly role?: Role | undefined;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
}

/** Tells who asks, by the host's own means; null: nobody. `incoming` is Node's request where there is one. It must not read the body. */
export type ResolveHostUser = (
  request: Request,
  context: { readonly incoming: IncomingMessage | undefined },
) => HostUser | null | Promise<HostUser | null>;

const hostUserSchema = z.object({
  userId: z.string().min(1).max(255),
  workspaceId: z.string().refine(isNameableWorkspace, "is no workspace id").optional(),
  role: roleSchema.optional(),
  name: z.string().max(200).nullish(),
  email: z.string().max(320).nullish(),
});

/** @throws Error when the host's answer has another shape: a mistake in its code, told in the log */
export const identityOfHostUser = (user: HostUser): Identity => {
  const parsed = hostUserSchema.safeParse(user);
  if (!parsed.success)
    throw new Error(`auth.resolve returned a user that Natter cannot take: ${z.prettifyError(parsed.error)}`);
  const { userId, name, email, workspaceId, role } = parsed.data;
  return {
    issuer: "host",
    subject: userId,
    name: name ?? null,
    email: email ?? null,
    ...(workspaceId === undefined ? {} : { workspaceId }),
    ...(role === undefined ? {} : { role }),
  };
};
