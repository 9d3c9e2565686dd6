import { describe, expect, inject, it } from "vitest";
import { readFaultOptions } from "./fault-options.ts";
import { faultRuns } from "./fault-runs.ts";

const stores = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
const few = { lanes: 1, "worker-kills": 2, freezes: 1, seed: 7 };
const runs = faultRuns(stores, { ...readFaultOptions(["--only", "cluster,freeze,descriptors"]), ...few });

describe("N1 N3 N4 N12 a fleet under load loses, repeats and does twice nothing when", { timeout: 180_000 }, () => {
  it.for(runs.filter(({ run }) => run !== null))("$title", async ({ run }) => {
    expect((await run?.())?.failures).toEqual([]);
  });
});
