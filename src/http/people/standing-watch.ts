import type { Logger } from "../../foundation/logger.ts";
import { findLapsed, type Standing } from "../../people/standing.ts";
import type { Database } from "../../ports/database.ts";
import type { Signals } from "../../ports/signals.ts";
import { createTap } from "../live/tap.ts";

/** A suspension bites within five seconds also where its signal was lost. */
const lookMs = 4_000;
const atOnce = 1_000;

/** Somebody who is shown something as it happens. */
export interface Watched {
  readonly signal: AbortSignal;
  /** They may not be here any more. */
  cut(): void;
  /** What they may do has changed, perhaps. */
  recheck?(): void;
}

/** Cuts the streams and sockets of this node whose users are suspended, removed, signed out, or came by a key that ended. */
export interface StandingWatch {
  watch(standing: Standing, watched: Watched): void;
  /** Looks at all of them now. */
  look(): Promise<void>;
  close(): void;
}

export interface StandingWatchOptions {
  readonly database: Database;
  readonly signals: Signals;
  readonly logger: Logger;
  /** Told of each user whose standing has changed, before anything is checked. */
  readonly forgetUser: (userId: string) => void;
}

interface Entry {
  readonly standing: Standing;
  readonly watched: Watched;
}

export const createStandingWatch = ({ database, signals, logger, forgetUser }: StandingWatchOptions): StandingWatch => {
  const entries = new Set<Entry>();
  let timer: NodeJS.Timeout | undefined;
  const check = async (present: readonly Entry[]): Promise<void> => {
    for (let at = 0; at < present.length; at += atOnce) {
      const lapsed = await findLapsed(database, present.slice(at, at + atOnce));
      for (const { watched } of lapsed) watched.cut();
    }
  };
  const safely = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => logger.warn({ error }, "it could not be checked who may still watch"));
  const hear = (userId: string): void => {
    forgetUser(userId);
    const theirs = [...entries].filter(({ standing }) => standing.userId === userId || standing.actorId === userId);
    for (const { watched } of theirs) watched.recheck?.();
    void safely(check(theirs));
  };
  const tap = createTap(signals, "standing", hear, logger);
  void tap.open();
  const remove = (entry: Entry): void => {
    entries.delete(entry);
    if (entries.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const look = (): Promise<void> => safely(check([...entries]));
  return {
    watch(standing, watched) {
      if (watched.signal.aborted) return;
      const entry = { standing, watched };
      entries.add(entry);
      watched.signal.addEventListener("abort", () => remove(entry), { once: true });
      timer ??= setInterval(() => void look(), lookMs).unref();
    },
    look,
    close() {
      tap.close();
      clearInterval(timer);
    },
  };
};
