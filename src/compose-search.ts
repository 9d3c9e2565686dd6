import type { ResolvedConfig } from "./config/load-config.ts";
import { writeDue } from "./conversations/search/write-due.ts";
import { repeat, type Repetition } from "./engine/claim/repeat.ts";
import type { Logger } from "./foundation/logger.ts";
import type { Database } from "./ports/database.ts";

/** What makes searchable what was said on all nodes, a poll's time after it was said. */
export interface SearchWriter {
  start(): void;
  drain(): Promise<void>;
}

export const composeSearch = ({ worker }: ResolvedConfig, database: Database, logger: Logger): SearchWriter => {
  const end = new AbortController();
  let writing: Repetition | undefined;
  return {
    start() {
      writing = repeat(
        worker.pollSeconds * 1_000,
        () => writeDue(database, logger, end.signal),
        (err) => logger.warn({ err }, "making messages searchable failed; it is tried again"),
      );
    },
    async drain() {
      end.abort();
      await writing?.stop();
    },
  };
};
