import { z } from "zod";
import type { Identity } from "../people/identity.ts";
import { isNameableWorkspace } from "../people/workspace.ts";
import { hostUserSchema, type HostUser } from "../protocol/people/host-user.ts";

const checkedSchema = hostUserSchema.refine(
  ({ workspaceId }) => workspaceId === undefined || isNameableWorkspace(workspaceId),
  { path: ["workspaceId"], message: "is no workspace id" },
);

/** @throws Error when the host's answer has another shape: a mistake in its code, told in the log */
export const identityOfHostUser = (user: HostUser): Identity => {
  const parsed = checkedSchema.safeParse(user);
  if (!parsed.success) {
    throw new Error(`auth.resolve returned a user that Natter cannot take: ${z.prettifyError(parsed.error)}`);
  }
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
