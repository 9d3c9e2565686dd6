import { z } from "zod";
import { idSchema, timestampSchema } from "../identifiers.ts";
import { scopeSchema } from "./principal.ts";

export const apiKeySchema = z
  .object({
    id: idSchema,
    workspaceId: z.string(),
    userId: z.string(),
    name: z.string(),
    prefix: z.string().describe("Its first characters"),
    scopes: z.array(scopeSchema).describe("What it may be used for"),
    createdAt: timestampSchema,
    expiresAt: timestampSchema.nullable(),
    lastUsedAt: timestampSchema.nullable().describe("To the minute"),
  })
  .meta({ id: "ApiKey" });

/** An API key as its owner sees it afterwards. */
export type ApiKey = Readonly<z.infer<typeof apiKeySchema>>;

export const newApiKeySchema = apiKeySchema
  .extend({ key: z.string().describe("Shown this once") })
  .meta({ id: "NewApiKey" });

export type NewApiKey = Readonly<z.infer<typeof newApiKeySchema>>;
