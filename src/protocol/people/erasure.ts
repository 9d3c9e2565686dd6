import { z } from "zod";

/** `POST /v1/account/erase`. */
export const eraseAccountRequestSchema = z
  .strictObject({ password: z.string().min(1).max(128) })
  .meta({ id: "EraseAccountRequest" });

/** `DELETE /v1/admin/users/{userId}`. */
export const eraseUserQuerySchema = z.strictObject({
  successorId: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("A member who becomes owner where the user is the only one, and others are there"),
});

export const erasureSchema = z
  .object({
    userId: z.string(),
    workspaceIds: z.array(z.string()).describe("Where jobs delete what the user left"),
    isGone: z.boolean().describe("False: the person is still in other workspaces"),
  })
  .meta({ id: "Erasure" });

/** An erasure that has begun; the audit log tells when it is done (`user.erased`). */
export type Erasure = Readonly<z.infer<typeof erasureSchema>>;
