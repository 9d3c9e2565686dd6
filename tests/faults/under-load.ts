import { setTimeout as sleep } from "node:timers/promises";
import { type Fleet, type FleetOptions, openFleet } from "./fleet.ts";
import { Load, type Misreading } from "./load.ts";
import { auditLoad, type LoadAudit } from "./load-audit.ts";
import { createRandom, type Random } from "./random.ts";
import type { Question } from "./question.ts";

export interface UnderLoadOptions extends FleetOptions {
  readonly seed: number;
  /** Questions that run at a time: 10. */
  readonly atOnce?: number;
  /** The most milliseconds between two tokens: 25. */
  readonly delay?: number;
  /** Of a viewer: see `LoadOptions`. */
  readonly patience?: number;
  /** Compares a question that has just ended with its log. Absent: the log may have been lost. */
  readonly misread?: (fleet: Fleet, question: Question) => Promise<Misreading>;
}

/** A fleet while it works. */
export interface Loaded {
  readonly fleet: Fleet;
  readonly load: Load;
  readonly random: Random;
  /** When nodes died, by their names in PostgreSQL. */
  readonly deaths: Map<string, number>;
}

/** What was written between an ending's row and its log is closed by the second poll at the latest. */
export const closingMilliseconds = 2_500;

/** Opens a fleet, keeps it busy while it is disturbed, lets all end, and audits it. */
export const underLoad = async (
  { seed, atOnce = 10, delay = 25, patience, misread, ...options }: UnderLoadOptions,
  disturb: (loaded: Loaded) => Promise<void>,
): Promise<LoadAudit> => {
  const fleet = await openFleet(options);
  try {
    const random = createRandom(seed);
    const load = new Load({
      token: fleet.token,
      random,
      url: () => random.pick(fleet.webs).url,
      atOnce,
      delay,
      ...(patience === undefined ? {} : { patience }),
      ...(misread === undefined ? {} : { misread: (question) => misread(fleet, question) }),
    });
    const deaths = new Map<string, number>();
    await disturb({ fleet, load, random, deaths });
    await load.end();
    await sleep(closingMilliseconds);
    const audit = await auditLoad(fleet, load, deaths);
    const output = audit.failures.length > 0 ? [...fleet.webs, ...fleet.workers].map((node) => node.output) : [];
    return { ...audit, failures: [...audit.failures, ...output] };
  } finally {
    await fleet.close();
  }
};

/** Tells how far it is, now and then. */
export const tellProgress = (done: number, all: number, what: string): void => {
  if (done % Math.max(1, Math.ceil(all / 10)) === 0) console.error(`${done} of ${all} ${what}`);
};
