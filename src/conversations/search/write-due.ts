import { asNatterError, type NatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import {
  deleteEntries,
  dropDue,
  hasDue,
  keyOf,
  readSearchable,
  takeDue,
  writeEntries,
  type SearchableRow,
  type SearchEntry,
  type TakenRow,
} from "../../store/search/due-rows.ts";
import { scopeOf, wordsOf } from "./words.ts";

/** Few, so that what waits for the database meanwhile does not wait long. */
const atOnce = 16;

const toEntry = ({ owner_id: ownerId, visibility, text, ...key }: SearchableRow): SearchEntry => {
  const scope = scopeOf(key.workspace_id, visibility === "workspace" ? null : ownerId);
  const words = wordsOf(text).map((word) => scope + word);
  return { ...key, scope, words: words.toSorted().join(" ") };
};

interface Attempt {
  readonly due: readonly TakenRow[];
  readonly failure?: NatterError;
}

const writeSome = async (database: Database, limit: number): Promise<Attempt> => {
  let due: readonly TakenRow[] = [];
  try {
    await database.transaction(async () => {
      due = await takeDue(database, limit);
      if (due.length === 0) return;
      const entries = (await readSearchable(database, due)).map(toEntry).filter(({ words }) => words !== "");
      const found = new Set(entries.map(keyOf));
      // of what was removed while its words were being written, the trigger found none to delete
      await deleteEntries(
        database,
        due.filter((row) => !found.has(keyOf(row))),
      );
      await writeEntries(database, entries);
    });
    return { due };
  } catch (thrown) {
    return { due, failure: asNatterError(thrown) };
  }
};

const drop = async (database: Database, logger: Logger, { id, ...key }: TakenRow, err: unknown): Promise<void> => {
  const dropped = await dropDue(database, id);
  if (dropped.length === 0) return;
  await deleteEntries(database, dropped);
  logger.warn({ err, ...key }, "something could not be made searchable");
};

/**
 * Makes what was said since the last time searchable, a few messages at a time, unless another process is at it. What
 * can't be written is left out and logged. @throws NatterError `unavailable`: all of it is due still
 */
export const writeDue = async (database: Database, logger: Logger, signal?: AbortSignal): Promise<void> => {
  if (!(await hasDue(database))) return;
  let limit = atOnce;
  while (signal?.aborted !== true) {
    const { due, failure } = await writeSome(database, limit);
    const [first] = due;
    if (failure === undefined) {
      if (due.length < limit) return;
      limit = atOnce;
    } else {
      if (first === undefined || failure.code === "unavailable") throw failure;
      if (limit === 1) await drop(database, logger, first, failure);
      limit = 1;
    }
  }
};
