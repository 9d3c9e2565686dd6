import { v7 } from "uuid";

/** A new id of the server's own: UUIDv7 (RFC 9562), sortable by time. */
export const createId = (): string => v7();
