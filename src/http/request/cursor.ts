import { z } from "zod";
import { NatterError } from "../../foundation/errors.ts";

/** A place in a list as clients carry it. */
export const encodeCursor = (place: object | null): string | null =>
  place === null ? null : Buffer.from(JSON.stringify(place)).toString("base64url");

/** @throws NatterError `invalid_request` for a cursor that this list did not give */
export const decodeCursor = <Place>(schema: z.ZodType<Place>, cursor: string | undefined): Place | undefined => {
  if (cursor === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (cause) {
    throw new NatterError("invalid_request", "The cursor must be a nextCursor of this list.", { cause });
  }
};

const isCalendarDay = (text: string): boolean => {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number);
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
};

/** A timestamp as PostgreSQL writes it as text, with its microseconds. */
export const databaseTimestampSchema = z
  .string()
  .regex(
    /^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?[+-](0\d|1[0-4])(:?[0-5]\d)?$/,
  )
  .refine(isCalendarDay);
