import { z } from "zod";

export const adminChunksSchema = z
  .object({
    isReadable: z.boolean().describe("Whether the caller may read the conversation; only then chunks are told"),
    source: z.enum(["log", "rows"]).describe("rows: the log is gone, they are told from what is stored"),
    epoch: z.string().nullable().describe("Of the log"),
    last: z.int().describe("Position of the last one there is"),
    isEnded: z.boolean(),
    data: z.array(
      z.object({
        position: z.int(),
        type: z.string(),
        bytes: z.int().describe("Of its JSON"),
        chunk: z.record(z.string(), z.unknown()).nullable(),
      }),
    ),
    nextAfter: z.int().nullable(),
  })
  .meta({ id: "AdminChunks" });

export type AdminChunks = Readonly<z.infer<typeof adminChunksSchema>>;
