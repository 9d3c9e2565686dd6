import { describe, expect, inject, it } from "vitest";
import { readFaultOptions } from "./fault-options.ts";
import { faultRuns } from "./fault-runs.ts";

const stores = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
const few = { kills: 2, lanes: 1, cancels: 1, drains: 1, cuts: 60, occurrences: 1, seed: 7 };
const runs = faultRuns(stores, {
  ...readFaultOptions(["--database", "pglite", "--only", "kill,background,questions,cancel,boundaries,resume,drain"]),
  ...few,
});

/** A few of each of what `npm run faults` does by the hundred. */
describe.concurrent("N1 N2 N4 B2 B9 nothing is lost, torn, repeated or done twice when", { timeout: 180_000 }, () => {
  it.for(runs.filter(({ run }) => run !== null))("$title", async ({ run }) => {
    expect((await run?.())?.failures).toEqual([]);
  });
});
