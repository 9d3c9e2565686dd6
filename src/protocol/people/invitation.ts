import { z } from "zod";
import { idSchema, timestampSchema } from "../identifiers.ts";
import { roleSchema } from "./principal.ts";

export const invitedRoleSchema = roleSchema.exclude(["owner"]);

/** What somebody can be invited as. */
export type InvitedRole = z.infer<typeof invitedRoleSchema>;

export const invitationSchema = z
  .object({
    id: idSchema,
    role: invitedRoleSchema,
    note: z.string().nullable(),
    createdBy: z.string(),
    createdAt: timestampSchema,
    expiresAt: timestampSchema,
  })
  .meta({ id: "Invitation" });

/** An invitation that can still be used, as owners and admins see it. */
export type Invitation = Readonly<z.infer<typeof invitationSchema>>;

export const newInvitationSchema = invitationSchema
  .extend({
    token: z.string().describe("Shown this once"),
    path: z.string().describe("The page to send somebody to, as `/join#…`"),
  })
  .meta({ id: "NewInvitation" });

export type NewInvitation = Readonly<z.infer<typeof newInvitationSchema>>;

export const invitationOfferSchema = z
  .object({ workspaceId: z.string(), workspaceName: z.string(), role: invitedRoleSchema, expiresAt: timestampSchema })
  .meta({ id: "InvitationOffer" });

/** What an invitation says to whoever holds its link. */
export type InvitationOffer = Readonly<z.infer<typeof invitationOfferSchema>>;
