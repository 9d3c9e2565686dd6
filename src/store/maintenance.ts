import type { Database } from "../ports/database.ts";

/** Brings the planner's statistics up to date; without them it takes an index for its tenant column and reads whole conversations. */
export const analyze = (database: Database): Promise<void> => database.script("analyze");

/** Gives the space of dead rows back. */
export const vacuum = (database: Database): Promise<void> => database.script("vacuum (analyze)");
