import { NatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import {
  dropDue,
  hasDue,
  readSearchable,
  takeDue,
  writeEntries,
  type SearchableRow,
  type SearchEntry,
} from "../../store/search/due-rows.ts";
import { scopeOf, wordsOf } from "./words.ts";

/** Few, so that what waits for the database meanwhile does not wait long. */
const atOnce = 16;

const toEntry = ({ owner_id: ownerId, visibility, text, ...key }: SearchableRow): SearchEntry => {
  const scope = scopeOf(key.workspace_id, visibility === "workspace" ? null : ownerId);
  const words = wordsOf(text).map((word) => scope + word);
  return { ...key, scope, words: words.toSorted().join(" ") };
};

const writeSome = (database: Database, limit: number): Promise<number> =>
  database.transaction(async () => {
    const due = await takeDue(database, limit);
    if (due.length === 0) return 0;
    const entries = (await readSearchable(database, due)).map(toEntry);
    await writeEntries(
      database,
      entries.filter(({ words }) => words !== ""),
    );
    return due.length;
  });

const dropLongest = async (database: Database, logger: Logger, err: unknown): Promise<void> => {
  const [dropped] = await dropDue(database);
  logger.warn({ err, ...dropped }, "something could not be made searchable");
};

/**
 * Makes what was said since the last time searchable, a few messages at a time, unless another process is at it. What
 * can't be written is left out and logged. @throws NatterError `unavailable`: all of it is due still
 */
export const writeDue = async (database: Database, logger: Logger, signal?: AbortSignal): Promise<void> => {
  if (!(await hasDue(database))) return;
  let limit = atOnce;
  while (signal?.aborted !== true) {
    try {
      const written = await writeSome(database, limit);
      if (written < limit) return;
      limit = atOnce;
    } catch (thrown) {
      if (thrown instanceof NatterError && thrown.code === "unavailable") throw thrown;
      if (limit === 1) await dropLongest(database, logger, thrown);
      limit = 1;
    }
  }
};
