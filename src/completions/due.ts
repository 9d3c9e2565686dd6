import type { Database } from "../ports/database.ts";
import { countQueued } from "../store/claims.ts";

/** Completions that wait for a worker or for the one before them. */
export const countDue = (database: Database): Promise<number> => countQueued(database);
