import { parseArgs } from "node:util";

const databases = ["pglite", "postgres", "both"] as const;

export interface FaultOptions {
  readonly database: (typeof databases)[number];
  readonly kills: number;
  /** Servers that are killed side by side. */
  readonly lanes: number;
  /** Completions that are killed three times. */
  readonly poisoned: number;
  /** How often a worker must have passed a boundary for the last crash at it. */
  readonly occurrences: number;
  readonly cuts: number;
  readonly cancels: number;
  readonly drains: number;
  readonly seed: number;
  /** Names of faults; empty: all of them. */
  readonly only: readonly string[];
}

const usage = `npm run faults -- [--database pglite|postgres|both] [--kills 200] [--lanes 2] [--cuts 2000] [--cancels 20]
  [--drains 10] [--seed 1] [--only kill,crash-loop,boundaries,resume,cancel,drain]`;

const numberOf = (name: string, text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number\n${usage}`);
  return Number(text);
};

const databaseOf = (text: string): FaultOptions["database"] => {
  const database = databases.find((name) => name === text);
  if (database === undefined) throw new Error(`--database must be pglite, postgres or both\n${usage}`);
  return database;
};

/** Reads the command line of `npm run faults`. */
export const readFaultOptions = (args: readonly string[]): FaultOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      database: { type: "string", default: "both" },
      kills: { type: "string", default: "200" },
      lanes: { type: "string", default: "2" },
      cuts: { type: "string", default: "2000" },
      cancels: { type: "string", default: "20" },
      drains: { type: "string", default: "10" },
      seed: { type: "string", default: "1" },
      only: { type: "string", default: "" },
    },
  });
  return {
    database: databaseOf(values.database),
    kills: numberOf("kills", values.kills),
    lanes: numberOf("lanes", values.lanes),
    poisoned: 5,
    occurrences: 3,
    cuts: numberOf("cuts", values.cuts),
    cancels: numberOf("cancels", values.cancels),
    drains: numberOf("drains", values.drains),
    seed: numberOf("seed", values.seed),
    only: values.only.split(",").filter(Boolean),
  };
};
