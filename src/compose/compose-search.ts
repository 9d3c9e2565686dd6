import { writeDue } from "../conversations/search/write-due.ts";
import { repeat, type Repetition } from "../engine/claim/repeat.ts";
import type { Logger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";

/** What makes searchable what was said on all nodes, at the latest a poll's time after it was said. */
export interface SearchWriter {
  start(): void;
  /** Something was said. */
  wake(): void;
  drain(): Promise<void>;
}

/** What ends together is written together. */
const gatheringMilliseconds = 100;

export const composeSearch = (pollSeconds: number, database: Database, logger: Logger): SearchWriter => {
  const end = new AbortController();
  let polling: Repetition | undefined;
  let waking: NodeJS.Timeout | undefined;
  let current: Promise<void> | undefined;
  const write = (): Promise<void> =>
    (current ??= writeDue(database, logger, end.signal)
      .catch((err: unknown) => logger.warn({ err }, "making messages searchable failed; it is tried again"))
      .finally(() => (current = undefined)));
  return {
    start() {
      polling = repeat(pollSeconds * 1_000, write, () => {});
    },
    wake() {
      waking ??= setTimeout(() => {
        waking = undefined;
        void write();
      }, gatheringMilliseconds);
    },
    async drain() {
      end.abort();
      clearTimeout(waking);
      await polling?.stop();
      await current;
    },
  };
};
