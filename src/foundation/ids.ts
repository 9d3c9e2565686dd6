import { randomBytes } from "node:crypto";
import { v5, v7 } from "uuid";

/** A new id of the server's own: UUIDv7 (RFC 9562), sortable by time. */
export const createId = (): string => v7();

/** An id that is always the same for the same words (UUIDv5). */
export const derivedId = (...words: readonly string[]): string =>
  v5(JSON.stringify(words), "0f9b6a52-6a3c-4c0e-9d5b-9d3a3c1f8a41");

/** What nobody can guess: 256 random bits in the letters of a URL. */
export const createSecret = (): string => randomBytes(32).toString("base64url");
