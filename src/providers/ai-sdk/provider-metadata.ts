import type { ProviderMetadata } from "ai";
import { z } from "zod";
import { gateJson } from "../../foundation/text-gate.ts";

const schema = z.record(z.string(), z.record(z.string(), z.json()));

/** What a provider says of its own about a block, storable; undefined when that is nothing. Throws as `gateJson` does. */
export const readProviderMetadata = (value: unknown): ProviderMetadata | undefined => {
  if (value === undefined || value === null) return undefined;
  const read = schema.safeParse(gateJson(value));
  if (!read.success) return undefined;
  const told = Object.entries(read.data).filter(([, values]) => Object.keys(values).length > 0);
  return told.length === 0 ? undefined : Object.fromEntries(told);
};
