import { z } from "zod";
import { timestampSchema } from "../identifiers.ts";
import { roleSchema } from "./principal.ts";

export const workspaceSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: roleSchema.describe("Yours"),
    defaultAgent: z.string().nullable(),
    defaultModel: z.string().nullable(),
    allowedModels: z.array(z.string()).nullable().describe("The only models that answer here; null: all"),
    retentionDays: z.int().nullable(),
    createdAt: timestampSchema,
  })
  .meta({ id: "Workspace" });

/** A workspace as its members see it. */
export type Workspace = Readonly<z.infer<typeof workspaceSchema>>;

export const memberSchema = z
  .object({
    userId: z.string(),
    role: roleSchema,
    name: z.string().nullable(),
    email: z.string().nullable().describe("Told to owners and admins, and of oneself"),
    suspended: z.boolean(),
    joinedAt: timestampSchema,
  })
  .meta({ id: "Member" });

/** A member as others of the workspace see it. */
export type Member = Readonly<z.infer<typeof memberSchema>>;
