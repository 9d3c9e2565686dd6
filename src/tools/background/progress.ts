import { gateText } from "../../foundation/text-gate.ts";
import type { BackgroundJob } from "../../protocol/agent/tool.ts";
import type { ToolProgress } from "../../protocol/tool-execution.ts";

const maxCharacters = 500;

const ratioOf = (ratio: unknown): number | null =>
  typeof ratio === "number" && !Number.isNaN(ratio) ? Math.min(1, Math.max(0, ratio)) : null;

const noteOf = (note: unknown): string | null =>
  typeof note === "string" ? gateText(note.slice(0, maxCharacters)) : null;

/** Tells progress no more often than it can be looked at. */
export interface ProgressTeller {
  readonly tell: BackgroundJob["progress"];
  /** Tells nothing more; resolves when nothing is being written. */
  stop(): Promise<void>;
}

/** The first is written at once, of what comes within `everyMilliseconds` after it the newest when they are over. */
export const createProgressTeller = (
  write: (progress: ToolProgress) => Promise<void>,
  everyMilliseconds: number,
): ProgressTeller => {
  let newest: ToolProgress | null = null;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let isStopped = false;
  const put = (): void => {
    timer = null;
    if (newest === null || isStopped) return;
    const progress = newest;
    newest = null;
    writing = writing.then(() => write(progress));
    timer = setTimeout(put, everyMilliseconds);
  };
  return {
    async tell({ ratio, note }) {
      newest = { ratio: ratioOf(ratio), note: noteOf(note) };
      if (timer !== null || isStopped) return;
      put();
      await writing;
    },
    async stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      await writing;
    },
  };
};
