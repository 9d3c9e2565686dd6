import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createPgliteDatabase } from "../../src/drivers/pglite/pglite.ts";
import { migrate } from "../../src/store/migrate.ts";
import type { Database } from "../../src/ports/database.ts";
import { type BoundaryCrash, crashAtBoundary, type Death } from "./boundary-crash.ts";
import { type Scenario, scenarios } from "./boundary-scenarios.ts";
import type { FaultReport } from "./report.ts";

export interface BoundariesOptions {
  /** How often a worker must have passed a boundary for the last crash at it. */
  readonly occurrences: number;
}

const engine = join(import.meta.dirname, "../../src/engine");

const isLookedAt = (file: string): boolean =>
  // what frameworks do by themselves ends in other ways: the runners' conformance suite crashes them
  file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith("foreign");

/** The labels that the engine's source gives to its effects. */
export const readLabels = async (): Promise<string[]> => {
  const files = (await readdir(engine, { recursive: true })).filter(isLookedAt);
  const sources = await Promise.all(files.map((name) => readFile(join(engine, name), "utf8")));
  const named = sources.flatMap((source) => [
    ...source.matchAll(/(?:\bio\(|persist\([^"]*?|#claim\()"([a-z-]+(?:\.[a-z]+)?)"/g),
  ]);
  return [...new Set(named.map(([, label = ""]) => label))].toSorted();
};

/** Of the crashes at work at once, each on a database of its own: a death mostly waits for the life after it. */
const lanes = 4;

interface Crashes {
  readonly scenario: Scenario;
  readonly calm: BoundaryCrash;
  readonly done: readonly { readonly death: Death; readonly crash: BoundaryCrash }[];
}

const crashesOf = async (database: Database, scenario: Scenario, occurrences: number): Promise<Crashes> => {
  const calm = await crashAtBoundary(database, scenario, null);
  const boundaries = calm.trace.filter(({ occurrence }) => occurrence <= occurrences);
  const deaths = boundaries.flatMap((boundary): Death[] => [
    { ...boundary, fate: "die before" },
    { ...boundary, fate: "die after" },
  ]);
  const done = [];
  for (const death of deaths) done.push({ death, crash: await crashAtBoundary(database, scenario, death) });
  return { scenario, calm, done };
};

const openDatabase = async (): Promise<Database> => {
  const database = await createPgliteDatabase({ directory: null });
  await migrate(database);
  return database;
};

const crashInLanes = async (occurrences: number): Promise<readonly Crashes[]> => {
  const left = [...scenarios];
  const crashes: Crashes[] = [];
  const work = async (): Promise<void> => {
    const database = await openDatabase();
    for (let scenario = left.shift(); scenario !== undefined; scenario = left.shift())
      crashes.push(await crashesOf(database, scenario, occurrences));
    await database.close();
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return crashes;
};

/** Lets workers die before and after each of the engine's effects, in every way through it, and compares what viewers saw with what is stored. */
export const boundaryCrashes = async ({ occurrences }: BoundariesOptions): Promise<FaultReport> => {
  const table: Record<string, { before: number; after: number }> = {};
  const failures: string[] = [];
  let [crashes, gaps, duplicates] = [0, 0, 0];
  for (const label of await readLabels()) table[label] = { before: 0, after: 0 };
  for (const { scenario, calm, done } of await crashInLanes(occurrences)) {
    failures.push(...calm.failures.map((failure) => `${scenario.name}, no crash: ${failure}`));
    for (const { death, crash } of done) {
      const { label, occurrence, fate } = death;
      const row = (table[label] ??= { before: 0, after: 0 });
      gaps += crash.gaps;
      duplicates += crash.duplicates;
      if (crash.isReached) {
        crashes += 1;
        row[fate === "die before" ? "before" : "after"] += 1;
      }
      failures.push(...crash.failures.map((failure) => `${scenario.name}, ${fate} ${label} ${occurrence}: ${failure}`));
    }
  }
  for (const [label, { before, after }] of Object.entries(table))
    if (before === 0 || after === 0) failures.push(`no worker died at ${label}`);
  return { fault: "boundaries", figures: { crashes, gaps, duplicates, boundaries: table }, failures };
};
