import { z } from "zod";

/** Ids of conversations and messages, also those that clients choose. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{12,64}$/, "must be 12 to 64 characters of A-Z a-z 0-9 _ -")
  .meta({ description: "12 to 64 characters of A-Z a-z 0-9 _ -" });

/** A point in time as ISO 8601 in UTC. */
export const timestampSchema = z.iso.datetime();
