import { randomBytes } from "node:crypto";
import { v7 } from "uuid";

/** A new id of the server's own: UUIDv7 (RFC 9562), sortable by time. */
export const createId = (): string => v7();

/** An epoch: names one incarnation of a chunk log; 10 characters that may stand in an SSE id. */
export const createEpoch = (): string => randomBytes(8).toString("base64url").replaceAll(/[-_]/g, "x").slice(0, 10);
