import { z } from "zod";
import { timestampSchema } from "../identifiers.ts";

/** One line of the audit log: who did what to whom. */
export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: timestampSchema,
    actorId: z.string().nullable().describe("Who did it; null: the server or its operator"),
    keyId: z.string().nullable().describe("The API key that they used"),
    subjectId: z.string().nullable().describe("Who it was done to, or in whose name"),
    action: z.string().describe("Noun and verb, as member.suspend"),
    target: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    ip: z.string().nullable(),
    requestId: z.string().nullable(),
  })
  .meta({ id: "AuditEntry" });

/** The same with what people are called. */
export const adminAuditEntrySchema = auditEntrySchema
  .extend({ actorName: z.string().nullable(), subjectName: z.string().nullable() })
  .meta({ id: "AdminAuditEntry" });

export type AdminAuditEntry = Readonly<z.infer<typeof adminAuditEntrySchema>>;
export type AuditEntry = Readonly<z.infer<typeof auditEntrySchema>>;
