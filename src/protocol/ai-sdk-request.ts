import { z } from "zod";
import type { Part } from "./chunk.ts";
import { idSchema } from "./identifiers.ts";
import { settingsSchema } from "./settings.ts";

const maxCharacters = 100_000;
const maxParts = 100;

const textPartSchema = z.object({ type: z.literal("text"), text: z.string().max(maxCharacters) });

const filePartSchema = z.object({
  type: z.literal("file"),
  mediaType: z.string().max(255),
  filename: z.string().max(255).exactOptional(),
  url: z.string().min(1),
});

const saysSomething = (parts: readonly Part[]): boolean =>
  parts.some((part) => part.type === "file" || (part.type === "text" && /\S/.test(part.text)));

const characters = (parts: readonly Part[]): number =>
  parts.reduce((sum, part) => sum + (part.type === "text" ? part.text.length : 0), 0);

const userPartsSchema = z
  .array(z.discriminatedUnion("type", [textPartSchema, filePartSchema], "must be a text or a file"))
  .max(maxParts)
  .refine(saysSomething, "must hold a file, or more than white space")
  .refine(
    (parts) => characters(parts) <= maxCharacters,
    `may hold at most ${maxCharacters.toLocaleString("en")} characters together`,
  )
  // useChat sends an empty text along with files
  .transform((parts): readonly Part[] => parts.filter((part) => part.type === "file" || part.text !== ""));

const lastMessageSchema = z.discriminatedUnion(
  "role",
  [
    z.object({ role: z.literal("user"), id: idSchema, parts: userPartsSchema }),
    z.object({ role: z.literal("assistant"), id: z.string() }),
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

/** `POST /v1/chat` as AI SDK's chat transports send it. Members that mean nothing here are left alone. */
export const aiSdkRequestSchema = z
  .object({
    id: idSchema.describe("The conversation"),
    messages: messagesSchema,
    trigger: z.enum(["submit-message", "regenerate-message"]).default("submit-message"),
    messageId: z.string().max(256).nullish().describe("The message that is edited, or the answer that is regenerated"),
    agent: z.string().min(1).max(64).optional(),
    model: z.string().min(1).max(200).optional(),
    settings: settingsSchema.optional(),
    onBusy: z.enum(["queue", "interrupt", "reject"]).optional(),
  })
  .meta({ id: "AiSdkRequest" });

export type AiSdkRequest = Readonly<z.infer<typeof aiSdkRequestSchema>>;
