import { z } from "zod";
import { idSchema, timestampSchema } from "./identifiers.ts";
import { partSchema } from "./resources.ts";

export const waitingSendSchema = z
  .object({
    completionId: idSchema,
    messageId: idSchema.nullable().describe("The user's message"),
    parts: z.array(partSchema),
    createdAt: timestampSchema,
  })
  .meta({ id: "WaitingSend" });

/** A message that was accepted while the conversation was answering, and whose turn has not come. */
export type WaitingSend = Readonly<z.infer<typeof waitingSendSchema>>;
