import { z } from "zod";
import { idSchema } from "./identifiers.ts";
import { messagePartsSchema } from "./message/message-parts.ts";
import { answerShape } from "./requests.ts";
import { toldAnswersSchema } from "./told-answers.ts";

/** A part as a client shows it: with members that are none of a message's content, and an empty text along with files. */
const shownPartSchema = z.discriminatedUnion(
  "type",
  [
    z.object({ type: z.literal("text"), text: z.unknown() }),
    z.object({ type: z.literal("file"), url: z.unknown(), mediaType: z.unknown(), filename: z.unknown().optional() }),
  ],
  "must be a text or a file",
);

const userPartsSchema = z
  .array(shownPartSchema)
  .transform((parts): unknown[] => parts.filter((part) => part.type === "file" || part.text !== ""))
  .pipe(messagePartsSchema);

const lastMessageSchema = z.discriminatedUnion(
  "role",
  [
    z.object({ role: z.literal("user"), id: idSchema, parts: userPartsSchema }),
    z.object({ role: z.literal("assistant"), id: z.string(), parts: toldAnswersSchema }),
  ],
  "must be user or assistant",
);

const earlierMessageSchema = z.object({ role: z.enum(["system", "user", "assistant"]), id: z.string() });

const messagesSchema = z
  .array(z.unknown())
  .min(1, "must hold the message to send")
  .transform((messages): unknown => ({ before: messages.at(-2), last: messages.at(-1) }))
  .pipe(z.object({ before: earlierMessageSchema.optional(), last: lastMessageSchema }))
  .describe("UIMessages of AI SDK 7; only the last one counts, and the id of the one before it");

const { stream: _always, ...choices } = answerShape;

/** `POST /v1/chat` as AI SDK's chat transports send it. Members that mean nothing here are left alone. */
export const aiSdkRequestSchema = z
  .object({
    id: idSchema.describe("The conversation"),
    messages: messagesSchema,
    trigger: z.enum(["submit-message", "regenerate-message"]).default("submit-message"),
    messageId: z.string().max(256).nullish().describe("The message that is edited, or the answer that is regenerated"),
    ...choices,
  })
  .meta({ id: "AiSdkRequest" });

export type AiSdkRequest = Readonly<z.infer<typeof aiSdkRequestSchema>>;
