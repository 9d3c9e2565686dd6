import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { killInTurn } from "./kill-in-turn.ts";
import { misreadOf } from "./load-audit.ts";
import type { FaultReport } from "./report.ts";
import { underLoad } from "./under-load.ts";

export interface SkewOptions {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly kills: number;
  readonly seed: number;
}

const preload = pathToFileURL(join(import.meta.dirname, "fixture/shifted-clock.ts")).href;
const minutes = 10;
/** On a busy machine a living worker may be too slow for its lease; one that trusted its clock would lose all. */
const mayLose = 0.1;

/** The clocks of workers are wrong by ten minutes and step from one side to the other while workers are killed: leases are of the database's clock. */
export const skewClocks = async ({ kills, ...options }: SkewOptions): Promise<FaultReport> => {
  const environment = { NODE_OPTIONS: `--import ${preload}`, FAULTS_CLOCK_MINUTES: String(minutes) };
  const audit = await underLoad({ ...options, webs: 2, environment, misread: misreadOf }, async (loaded) => {
    await sleep(3_000);
    await killInTurn(loaded, loaded.fleet.workers, { kills });
    await sleep(3_000);
  });
  const { completions, takeOvers } = audit.figures as { completions: number; takeOvers: number };
  const lost = takeOvers - audit.recoveries.length;
  const failures = [...audit.failures];
  if (lost > mayLose * completions) failures.push(`workers that lived lost ${lost} of ${completions} completions`);
  return { fault: "clock", figures: { kills, minutes, lostByTheLiving: lost, ...audit.figures }, failures };
};
