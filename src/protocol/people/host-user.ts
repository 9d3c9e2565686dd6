import { z } from "zod";
import { roleSchema } from "./principal.ts";

export const hostUserSchema = z.object({
  userId: z.string().min(1).max(255),
  workspaceId: z.string().max(128).optional(),
  role: roleSchema.optional(),
  name: z.string().max(200).nullish(),
  email: z.string().max(320).nullish(),
});

/**
 * Who the host application says is asking: its own id of the user. Without `workspaceId` the header `Natter-Workspace`
 * is held against memberships, else it is the user's only or personal workspace.
 */
export type HostUser = z.input<typeof hostUserSchema>;

/**
 * Tells who asks, by the host's own means; null: nobody. `incoming` is Node's request (Express's, Fastify's raw one) where
 * there is one. It must not read the body.
 *
 * @example resolve: async (request) => sessions.find(request.headers.get("cookie"))
 */
export type ResolveHostUser = (
  request: Request,
  context: { readonly incoming: object | undefined },
) => HostUser | null | Promise<HostUser | null>;
