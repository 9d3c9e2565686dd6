import { z } from "zod";
import { timestampSchema } from "../identifiers.ts";
import { roleSchema, scopeSchema } from "./principal.ts";
import { invitedRoleSchema } from "./invitation.ts";

const nameSchema = z.string().max(100).regex(/\S/, "must hold more than white space");
const cursorSchema = z.string().regex(/^[A-Za-z0-9_-]{1,512}$/, "must be a nextCursor of this list");
const limitSchema = z
  .string()
  .regex(/^\d{1,3}$/, "must be a whole number")
  .transform(Number)
  .pipe(z.int().min(1).max(200))
  .optional();

/** Ids of workspaces, also those that an operator's claims name. */
export const workspaceIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/);

/** `POST /v1/api-keys`. */
export const createKeyRequestSchema = z
  .strictObject({
    name: nameSchema,
    expiresAt: timestampSchema.optional().describe("Absent: until it is revoked"),
    scopes: z.array(scopeSchema).min(1).max(8).optional().describe("What it may be used for; default read and chat"),
  })
  .meta({ id: "CreateApiKeyRequest" });

const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(320)
  .regex(/^[^\s@]+@[^\s@]+$/, "must be an e-mail address");
const passwordSchema = z.string().min(1).max(128);

/** `POST /v1/account/sign-in`. */
export const signInRequestSchema = z
  .strictObject({ email: emailSchema, password: passwordSchema })
  .meta({ id: "SignInRequest" });

/** `POST /v1/account/sign-up`. */
export const signUpRequestSchema = z
  .strictObject({
    name: nameSchema,
    email: emailSchema,
    password: z.string().min(10, "must have at least 10 characters").max(128),
    invitation: z.string().min(1).max(200).optional().describe("Token of an invitation"),
    setup: z.string().min(1).max(200).optional().describe("Token of this machine, for the first account"),
  })
  .meta({ id: "SignUpRequest" });

/** `POST /v1/account/password`. */
export const changePasswordRequestSchema = z
  .strictObject({ currentPassword: passwordSchema, newPassword: z.string().min(10).max(128) })
  .meta({ id: "ChangePasswordRequest" });

/** `PATCH /v1/account`. */
export const changeAccountRequestSchema = z
  .strictObject({
    name: nameSchema.optional(),
    email: emailSchema.optional(),
    currentPassword: passwordSchema.optional().describe("Needed for another e-mail address"),
  })
  .refine(({ name, email }) => name !== undefined || email !== undefined, "must change something")
  .refine(({ email, currentPassword }) => email === undefined || currentPassword !== undefined, "needs currentPassword")
  .meta({ id: "ChangeAccountRequest" });

/** `POST /v1/tokens`. */
export const issueTokenRequestSchema = z
  .strictObject({
    user: z.strictObject({
      id: z.string().min(1).max(255).describe("What you call this user"),
      name: z.string().max(200).optional(),
      email: z.string().max(320).optional(),
    }),
    scopes: z
      .array(z.enum(["read", "chat"]))
      .min(1)
      .max(2)
      .default(["read", "chat"]),
    expiresInSeconds: z.int().min(30).max(3_600).default(600),
  })
  .meta({ id: "IssueTokenRequest" });

/** `POST /v1/workspaces`. */
export const createWorkspaceRequestSchema = z.strictObject({ name: nameSchema }).meta({ id: "CreateWorkspaceRequest" });

/** `PATCH /v1/workspaces/{workspaceId}`. */
export const changeWorkspaceRequestSchema = z
  .strictObject({
    name: nameSchema.optional(),
    defaultAgent: z.string().min(1).max(64).nullable().optional().describe("Answers where nobody chose"),
    defaultModel: z.string().min(1).max(200).nullable().optional(),
    allowedModels: z
      .array(z.string().min(1).max(200))
      .max(200)
      .nullable()
      .optional()
      .describe("The only models that answer here; null: all"),
    retentionDays: z.int().min(1).max(36_500).nullable().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, "must change something")
  .meta({ id: "ChangeWorkspaceRequest" });

/** `PATCH /v1/workspaces/{workspaceId}/members/{userId}`. */
export const changeMemberRequestSchema = z
  .strictObject({ role: roleSchema.optional(), suspended: z.boolean().optional() })
  .refine((body) => Object.keys(body).length > 0, "must change something")
  .meta({ id: "ChangeMemberRequest" });

/** `POST /v1/workspaces/{workspaceId}/invitations`. */
export const inviteRequestSchema = z
  .strictObject({
    role: invitedRoleSchema.default("member"),
    note: z.string().max(200).optional().describe("For whom it is meant; shown to owners and admins only"),
    expiresInHours: z.int().min(1).max(720).default(168),
  })
  .meta({ id: "InviteRequest" });

/** `POST /v1/invitations/read` and `…/accept`. */
export const invitationTokenRequestSchema = z
  .strictObject({ token: z.string().min(1).max(200) })
  .meta({ id: "InvitationToken" });

export const membersQuerySchema = z.strictObject({ cursor: cursorSchema.optional(), limit: limitSchema });

const idFilter = z.string().min(1).max(200).optional();

export const auditQuerySchema = z.strictObject({
  actorId: idFilter.describe("Who did it"),
  subjectId: idFilter.describe("Who it was done to"),
  action: z
    .string()
    .regex(/^[a-z]+\.[a-z-]+$/, "must look like member.suspend")
    .optional(),
  target: idFilter,
  from: timestampSchema.optional(),
  to: timestampSchema.optional(),
  cursor: cursorSchema.optional(),
  limit: limitSchema,
});
