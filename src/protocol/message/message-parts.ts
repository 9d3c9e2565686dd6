import { z } from "zod";
import type { Part } from "./chunk.ts";

/** Characters of text in one message, at most. */
export const maxTextCharacters = 100_000;
const maxParts = 100;

const textPartSchema = z.strictObject({ type: z.literal("text"), text: z.string().min(1).max(maxTextCharacters) });

const filePartSchema = z
  .strictObject({
    type: z.literal("file"),
    url: z.string().min(1).describe("`/v1/attachments/<id>` of an attachment of yours, or a base64 `data:` URL"),
    mediaType: z.string().max(200).optional().describe("Must not contradict what is in the file"),
    filename: z.string().max(1_000).optional(),
  })
  .transform(({ mediaType = "", filename, ...file }) => ({
    ...file,
    mediaType,
    ...(filename === undefined ? {} : { filename }),
  }));

const textOf = (part: Part): string => (part.type === "text" ? part.text : "");

/** What a person may put into a message: texts and files. */
export const messagePartsSchema = z
  .array(z.discriminatedUnion("type", [textPartSchema, filePartSchema]))
  .min(1, "must hold a text or a file")
  .max(maxParts)
  .refine(
    (parts) => parts.some((part) => part.type === "file" || /\S/.test(part.text)),
    "must hold a file, or more than white space",
  )
  .refine(
    (parts) => parts.reduce((sum, part) => sum + textOf(part).length, 0) <= maxTextCharacters,
    `may hold at most ${maxTextCharacters.toLocaleString("en")} characters together`,
  );
