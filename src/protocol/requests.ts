import { z } from "zod";
import type { Part } from "./message/chunk.ts";
import { idSchema, timestampSchema } from "./identifiers.ts";
import { maxTextCharacters, messagePartsSchema } from "./message/message-parts.ts";
import { conversationStatusSchema, visibilitySchema } from "./resources.ts";
import { settingsSchema } from "./settings.ts";

const textSchema = z.string().max(maxTextCharacters).regex(/\S/, "must hold more than white space");

const contentShape = { text: textSchema.optional(), parts: messagePartsSchema.optional() };
const hasOneContent = (content: { text?: unknown; parts?: unknown }): boolean =>
  (content.text === undefined) !== (content.parts === undefined);
const oneContent = "must have either text or parts";

const contentParts = (content: { text?: string | undefined; parts?: readonly Part[] | undefined }): readonly Part[] =>
  content.parts ?? [{ type: "text", text: content.text ?? "" }];

const contentSchema = z
  .strictObject(contentShape)
  .refine(hasOneContent, oneContent)
  .transform((content) => ({ parts: contentParts(content) }));

const messageSchema = z
  .strictObject({ id: idSchema.optional(), ...contentShape })
  .refine(hasOneContent, oneContent)
  .transform((message) => ({ id: message.id, parts: contentParts(message) }));

const agentSchema = z.string().min(1).max(64);
const modelSchema = z.string().min(1).max(200);

/** What a request may say about the answer that it asks for. */
export const answerShape = {
  agent: agentSchema.optional(),
  model: modelSchema.optional(),
  settings: settingsSchema.optional(),
  stream: z.boolean().optional(),
  onBusy: z
    .enum(["queue", "interrupt", "reject"])
    .optional()
    .describe("What happens when the conversation is answering already"),
};

const parentSchema = idSchema
  .nullable()
  .optional()
  .describe("The message to answer to; absent: the active leaf, null: a new root");

/** `POST /v1/chat`. */
export const sendRequestSchema = z
  .strictObject({
    conversationId: idSchema.optional(),
    message: messageSchema,
    parentId: parentSchema,
    ...answerShape,
  })
  .meta({ id: "SendRequest" });

/** `POST /v1/conversations/{conversationId}/messages/{messageId}/edits`. */
export const editRequestSchema = z.strictObject({ message: contentSchema, ...answerShape }).meta({ id: "EditRequest" });

/** `POST /v1/conversations/{conversationId}/completions`: a message to answer, or a stored one to answer again. */
export const startRequestSchema = z
  .strictObject({
    message: messageSchema.optional(),
    messageId: idSchema.optional(),
    parentId: parentSchema,
    ...answerShape,
  })
  .refine(
    (body) => (body.message === undefined) !== (body.messageId === undefined),
    "must have either message or messageId",
  )
  .meta({ id: "StartRequest" });

/** `POST /v1/conversations`. */
export const createConversationRequestSchema = z
  .strictObject({
    id: idSchema.optional(),
    title: z.string().max(500).optional(),
    agent: agentSchema.optional(),
    model: modelSchema.optional(),
    settings: settingsSchema.optional(),
    visibility: visibilitySchema.optional(),
    temporary: z.boolean().optional(),
    pinned: z.boolean().optional(),
  })
  .meta({ id: "CreateConversationRequest" });

/** `PATCH /v1/conversations/{conversationId}`. */
export const changeConversationRequestSchema = z
  .strictObject({
    title: z.string().max(500).nullable().optional(),
    status: conversationStatusSchema.optional(),
    agent: agentSchema.optional(),
    model: modelSchema.nullable().optional(),
    settings: settingsSchema.optional().describe("Replaces the settings"),
    visibility: visibilitySchema.optional(),
    pinned: z.boolean().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, "must change something")
  .meta({ id: "ChangeConversationRequest" });

/** `POST /v1/conversations/{conversationId}/fork`. */
export const forkRequestSchema = z.strictObject({ messageId: idSchema.optional() }).meta({ id: "ForkRequest" });

/** `POST /v1/conversations/{conversationId}/messages`. */
export const appendRequestSchema = z
  .strictObject({ message: messageSchema, parentId: parentSchema })
  .meta({ id: "AppendRequest" });

/** `PATCH /v1/waiting-sends/{completionId}`. */
export const changeWaitingRequestSchema = z
  .strictObject({ message: contentSchema })
  .meta({ id: "ChangeWaitingRequest" });

const numberSchema = z
  .string()
  .regex(/^\d{1,9}$/, "must be a whole number")
  .transform(Number);
const cursorSchema = z.string().regex(/^[A-Za-z0-9_-]{1,512}$/, "must be a nextCursor of this list");
const limitSchema = numberSchema.pipe(z.int().min(1).max(200)).optional();

export const conversationsQuerySchema = z.strictObject({
  q: z.string().min(1).max(200).optional().describe("Words of the title"),
  status: conversationStatusSchema.optional(),
  pinned: z.enum(["true", "false"]).optional().describe("Only those that are pinned, or only those that are not"),
  shared: z
    .enum(["true", "false"])
    .optional()
    .describe("true: those that others share with the workspace, instead of your own"),
  unread: z
    .enum(["true", "false"])
    .optional()
    .describe("Only those in which an answer has ended since you looked, or only the others"),
  workspaceId: z.string().max(128).optional(),
  count: z.enum(["true", "false"]).optional(),
  cursor: cursorSchema.optional(),
  limit: limitSchema,
});

/** `GET /v1/search`. */
export const searchQuerySchema = z.strictObject({
  q: z.string().min(1).max(200).describe("Words; the last one may be its beginning"),
  cursor: cursorSchema.optional(),
  limit: numberSchema.pipe(z.int().min(1).max(50)).optional(),
});

export const messagesQuerySchema = z
  .strictObject({
    after: numberSchema.optional().describe("Only messages with a higher sequence"),
    before: numberSchema.optional().describe("Only messages with a lower sequence"),
    branch: z
      .union([idSchema, z.literal("active")])
      .optional()
      .describe("Only the path upwards from this message"),
    cursor: cursorSchema.optional(),
    limit: limitSchema,
  })
  .refine(
    ({ after, before, branch, cursor }) =>
      [after, before, branch, cursor].filter((place) => place !== undefined).length <= 1,
    "only one of after, before, branch and cursor can be given",
  );

export const pageQuerySchema = z.strictObject({ cursor: cursorSchema.optional(), limit: limitSchema });

export const usageQuerySchema = z.strictObject({
  from: timestampSchema.optional(),
  to: timestampSchema.optional(),
  scope: z.enum(["own", "workspace"]).optional().describe("workspace: of everybody, for its owners and admins"),
  group: z
    .enum(["day", "model", "user"])
    .optional()
    .describe("Sums by the day (UTC), the model or the user instead of lines"),
  cursor: cursorSchema.optional(),
  limit: limitSchema,
});

/** `PUT /v1/conversations/{conversationId}/messages/{messageId}/vote`. */
export const voteRequestSchema = z
  .strictObject({ value: z.enum(["up", "down"]), reason: z.string().max(2_000).nullable().optional() })
  .meta({ id: "VoteRequest" });

const userMessageSchema = z.union([
  textSchema.transform((text) => ({ id: undefined, parts: contentParts({ text }) })),
  messageSchema,
]);

/** `POST /v1/users/{userId}/chat` and `…/chat/stream`: the message may be its text alone. */
export const userSendRequestSchema = z
  .strictObject({
    conversationId: idSchema.optional(),
    message: userMessageSchema,
    parentId: parentSchema,
    ...answerShape,
  })
  .meta({ id: "UserSendRequest" });
