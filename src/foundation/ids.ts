import { randomBytes } from "node:crypto";
import { v7 } from "uuid";

/** A new id of the server's own: UUIDv7 (RFC 9562), sortable by time. */
export const createId = (): string => v7();

/** What nobody can guess: 256 random bits in the letters of a URL. */
export const createSecret = (): string => randomBytes(32).toString("base64url");
