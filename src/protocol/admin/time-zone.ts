import { z } from "zod";

const shape = /^(UTC|[A-Z][A-Za-z]+(\/[A-Z][A-Za-z0-9_+-]*){1,2})$/;

const isKnown = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch (thrown) {
    if (thrown instanceof RangeError) return false;
    throw thrown;
  }
};

/** A time zone by its name, as `Europe/Berlin`: an offset would mean the opposite to PostgreSQL. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine((zone) => shape.test(zone) && isKnown(zone), "must be UTC or a zone like Europe/Berlin");
