import { parseArgs } from "node:util";

const databases = ["pglite", "postgres", "both"] as const;

/** How often everything is done, unless the command line says otherwise. */
const numbers = {
  kills: 200,
  /** Servers, or fleets, that are killed side by side. */
  lanes: 2,
  cuts: 2_000,
  cancels: 20,
  drains: 10,
  "worker-kills": 1_000,
  "web-kills": 50,
  freezes: 20,
  restarts: 100,
  /** Of rolling restarts. */
  rounds: 20,
  boots: 5,
  stalled: 200,
  /** Of each way in which a network fails. */
  outages: 5,
  /** After which no more nodes and stores are killed. */
  seconds: 3_600,
  seed: 1,
};

type FaultNumbers = Readonly<Record<keyof typeof numbers, number>>;

export interface FaultOptions extends FaultNumbers {
  readonly database: (typeof databases)[number];
  /** Completions that are killed three times. */
  readonly poisoned: number;
  /** How often a worker must have passed a boundary for the last crash at it. */
  readonly occurrences: number;
  /** Names of faults; empty: all of them. */
  readonly only: readonly string[];
}

const usage = `npm run faults -- [--database pglite|postgres|both] [--only kill,cluster,web …]
${Object.entries(numbers)
  .map(([name, number]) => `  [--${name} ${number}]`)
  .join("\n")}`;

const numberOf = (name: string, text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number\n${usage}`);
  return Number(text);
};

const databaseOf = (text: string): FaultOptions["database"] => {
  const database = databases.find((name) => name === text);
  if (database === undefined) throw new Error(`--database must be pglite, postgres or both\n${usage}`);
  return database;
};

const names = Object.keys(numbers) as (keyof typeof numbers)[];

/** Reads the command line of `npm run faults`. */
export const readFaultOptions = (args: readonly string[]): FaultOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      database: { type: "string", default: "both" },
      only: { type: "string", default: "" },
      ...Object.fromEntries(names.map((name) => [name, { type: "string" as const, default: String(numbers[name]) }])),
    },
  });
  const { database = "", only = "", ...texts } = values as Readonly<Record<string, string | undefined>>;
  const given = Object.fromEntries(names.map((name) => [name, numberOf(name, texts[name] ?? "")])) as FaultNumbers;
  return {
    ...given,
    database: databaseOf(database),
    poisoned: 5,
    occurrences: 3,
    only: only.split(",").filter(Boolean),
  };
};
