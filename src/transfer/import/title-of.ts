import { z } from "zod";

const titled = z.object({ title: z.string().nullish(), name: z.string().nullish() });

/** What a conversation that cannot be read is called. */
export const titleOf = (value: unknown): string | null => {
  const { data } = titled.safeParse(value);
  return (data?.title ?? data?.name ?? null)?.slice(0, 500) ?? null;
};
