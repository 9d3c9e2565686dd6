import { z } from "zod";
import { idSchema, timestampSchema } from "../identifiers.ts";
import { auditQuerySchema } from "../people/people-requests.ts";
import { roleSchema } from "../people/principal.ts";
import { pageQuerySchema } from "../requests.ts";
import { completionStatusSchema, conversationStatusSchema, visibilitySchema } from "../resources.ts";
import { executionStatusSchema } from "../tool-execution.ts";
import { timeZoneSchema } from "./time-zone.ts";

const nameFilter = z.string().min(1).max(200).optional();
const flag = z
  .enum(["true", "false"])
  .transform((text) => text === "true")
  .optional();
const count = z
  .string()
  .regex(/^\d{1,9}$/, "must be a whole number")
  .transform(Number);
const format = z.enum(["json", "csv"]).default("json");
const span = {
  from: timestampSchema.optional(),
  to: timestampSchema.optional().describe("Not included"),
};
const listQuerySchema = pageQuerySchema.extend({
  id: nameFilter.describe("Only this one"),
  format: format.describe("csv: everything that fits, whatever the limit"),
});

/** `GET /v1/admin/users`. */
export const adminUsersQuerySchema = listQuerySchema.extend({
  role: roleSchema.optional(),
  suspended: flag,
  text: z.string().min(1).max(100).optional().describe("Part of a name or an e-mail address"),
});

/** `GET /v1/admin/conversations`. */
export const adminConversationsQuerySchema = listQuerySchema.extend({
  ...span,
  ownerId: nameFilter,
  status: conversationStatusSchema.optional(),
  visibility: visibilitySchema.optional(),
  deleted: flag,
});

/** `GET /v1/admin/completions`. */
export const adminCompletionsQuerySchema = listQuerySchema.extend({
  ...span,
  userId: nameFilter.describe("Who asked"),
  conversationId: idSchema.optional(),
  status: completionStatusSchema.optional(),
  error: nameFilter.describe("Its code"),
  agent: nameFilter,
  model: nameFilter,
});

export const toolKindSchema = z.enum(["inline", "client", "background"]);

/** `GET /v1/admin/tool-runs`. */
export const adminToolRunsQuerySchema = listQuerySchema.extend({
  ...span,
  completionId: idSchema.optional(),
  userId: nameFilter.describe("Whom it runs for"),
  tool: nameFilter,
  kind: toolKindSchema.optional(),
  status: executionStatusSchema.optional(),
});

/** `GET /v1/admin/audit`. */
export const adminAuditQuerySchema = auditQuerySchema.extend({ id: nameFilter, format });

const usageGroupSchema = z.enum(["day", "model", "user", "agent"]);

/** `GET /v1/admin/usage`. */
export const adminUsageQuerySchema = z.strictObject({
  ...span,
  userId: nameFilter.describe("Who pays"),
  group: usageGroupSchema.default("day"),
  zone: timeZoneSchema.default("UTC").describe("Whose days they are"),
  format,
});

/** `GET /v1/admin/overview`. */
export const adminOverviewQuerySchema = z.strictObject(span);

/** `GET /v1/admin/completions/{completionId}/chunks`. */
export const adminChunksQuerySchema = z.strictObject({
  after: count.pipe(z.int().min(0)).default(0).describe("Only later positions"),
  limit: count.pipe(z.int().min(1).max(1_000)).default(200),
});
