import { z } from "zod";

/** A page of a list: `{ data, nextCursor }`. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable().describe("Null at the end") });

/** Messages come oldest first, anything else newest first. */
export type Page<Item> = Readonly<z.infer<ReturnType<typeof listOf<z.ZodType<Item>>>>>;
