import { z } from "zod";
import { idSchema, timestampSchema } from "../identifiers.ts";
import { roleSchema } from "../principal.ts";
import { pageQuerySchema } from "../requests.ts";
import { completionStatusSchema, conversationStatusSchema, visibilitySchema } from "../resources.ts";
import { executionStatusSchema } from "../tool-execution.ts";

const nameFilter = z.string().min(1).max(200).optional();
const flag = z
  .enum(["true", "false"])
  .transform((text) => text === "true")
  .optional();
const span = {
  from: timestampSchema.optional(),
  to: timestampSchema.optional().describe("Not included"),
};

/** `GET /v1/admin/users`. */
export const adminUsersQuerySchema = pageQuerySchema.extend({
  role: roleSchema.optional(),
  suspended: flag,
  text: z.string().min(1).max(100).optional().describe("Part of a name or an e-mail address"),
});

/** `GET /v1/admin/conversations`. */
export const adminConversationsQuerySchema = pageQuerySchema.extend({
  ...span,
  ownerId: nameFilter,
  status: conversationStatusSchema.optional(),
  visibility: visibilitySchema.optional(),
  deleted: flag,
});

/** `GET /v1/admin/completions`. */
export const adminCompletionsQuerySchema = pageQuerySchema.extend({
  ...span,
  userId: nameFilter.describe("Who asked"),
  conversationId: idSchema.optional(),
  status: completionStatusSchema.optional(),
  agent: nameFilter,
  model: nameFilter,
});

export const toolKindSchema = z.enum(["inline", "client", "background"]);

/** `GET /v1/admin/tool-runs`. */
export const adminToolRunsQuerySchema = pageQuerySchema.extend({
  ...span,
  completionId: idSchema.optional(),
  userId: nameFilter.describe("Whom it runs for"),
  tool: nameFilter,
  kind: toolKindSchema.optional(),
  status: executionStatusSchema.optional(),
});

/** `GET /v1/admin/usage`. */
export const adminUsageQuerySchema = z.strictObject({
  ...span,
  group: z.enum(["day", "model", "user"]).default("day"),
  format: z.enum(["json", "csv"]).default("json"),
});
