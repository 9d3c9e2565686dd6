import type { ChunkLog, LogPage } from "../ports/chunk-log.ts";

/** What happens to a page on its way to a watcher. */
export type Mishap = "none" | "drop" | "repeat" | "delay" | "earlier";

export const mishaps: readonly Mishap[] = ["none", "drop", "repeat", "delay", "earlier"];

/** The same log, whose pushes get lost, come twice, late, or after an older one: all that the port's contract allows. */
export const createFlakyLog = (log: ChunkLog, next: () => Mishap): ChunkLog => ({
  open: (...call) => log.open(...call),
  append: (...call) => log.append(...call),
  read: (...call) => log.read(...call),
  close: () => log.close(),
  watch: (id, listener) => {
    const earlier: LogPage[] = [];
    let isWatching = true;
    const tell = (page: LogPage): void => {
      if (isWatching) listener(page);
    };
    const unwatch = log.watch(id, (page) => {
      const mishap = next();
      const old = earlier.at(-2);
      earlier.push(page);
      if (mishap === "earlier" && old !== undefined) tell(old);
      if (mishap === "delay") setTimeout(tell, 3, page);
      else if (mishap !== "drop") tell(page);
      if (mishap === "repeat") tell(page);
    });
    return () => {
      isWatching = false;
      unwatch();
    };
  },
});
