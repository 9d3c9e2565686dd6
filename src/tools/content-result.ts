import { z } from "zod";

const textSchema = z.object({ type: z.literal("text"), text: z.string() });
const fileSchema = z.object({
  type: z.literal("file"),
  mediaType: z.string(),
  data: z.object({ type: z.literal("data"), data: z.string() }),
  filename: z.string().optional(),
});

const contentSchema = z.object({
  type: z.literal("content"),
  value: z.array(z.discriminatedUnion("type", [textSchema, fileSchema])),
});

/** A piece of a result that holds files besides texts, in the form of AI SDK's tool results: base64 in `data`. */
export type ContentPiece = z.infer<typeof contentSchema>["value"][number];

const noteOf = (piece: Extract<ContentPiece, { type: "file" }>): string => {
  const kilobytes = Math.max(1, Math.round(Buffer.byteLength(piece.data.data, "base64") / 1_000));
  return `[${[piece.filename, piece.mediaType, `${kilobytes} kB`].filter((text) => text !== undefined).join(", ")}; shown to the person]`;
};

/**
 * What a model reads of a result with files: its texts, and a note for each file. A model that can't read the file would
 * refuse the whole conversation from then on. Null: the output is no such result.
 */
export const contentText = (output: unknown): string | null => {
  const parsed = contentSchema.safeParse(output);
  if (!parsed.success) return null;
  return parsed.data.value.map((piece) => (piece.type === "text" ? piece.text : noteOf(piece))).join("\n\n");
};
