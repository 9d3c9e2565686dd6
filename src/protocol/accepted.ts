import { z } from "zod";
import { idSchema } from "./identifiers.ts";

export const acceptedSchema = z
  .object({
    conversationId: idSchema,
    completionId: idSchema,
    messageId: idSchema.describe("The assistant message that will hold the answer"),
    userMessageId: idSchema.nullable(),
    sequence: z.int().describe("Sequence of the assistant message"),
  })
  .meta({ id: "Accepted" });

/** What a message that is stored and will be answered is known by; its answer is read elsewhere. */
export type Accepted = Readonly<z.infer<typeof acceptedSchema>>;
