import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/ports/database.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { testRuns } from "../../src/testing/test-runs.ts";
import {
  withoutDecision,
  withoutFence,
  withoutLogFence,
  withoutLookBeforeParking,
  withoutModelDone,
  withoutToolStart,
} from "./mutations.ts";
import { simulate, type Decision } from "./simulate.ts";

const runs = testRuns(300);

const action = fc.oneof(
  { weight: 20, arbitrary: fc.constant("pass" as const) },
  { weight: 1, arbitrary: fc.constantFrom("crash-before" as const, "crash-after" as const) },
  { weight: 1, arbitrary: fc.constant("expire" as const) },
  { weight: 1, arbitrary: fc.constant("cancel" as const) },
);
const decision: fc.Arbitrary<Decision> = fc.record({ action, index: fc.nat(5) });
const schedule = fc.array(decision, { minLength: 20, maxLength: 120, size: "max" });
const askingDecision: fc.Arbitrary<Decision> = fc.record({
  action: fc.oneof({ weight: 12, arbitrary: action }, { weight: 1, arbitrary: fc.constant("answer" as const) }),
  index: fc.nat(5),
});
const askingSchedule = fc.array(askingDecision, { minLength: 40, maxLength: 200, size: "max" });

describe("seeded interleavings with crashes", () => {
  let database: Database;

  beforeAll(async () => {
    database = await testDatabases[0]!.open();
  });

  afterAll(() => database.close());

  it(
    `N1 B2 ${runs} schedules hold the invariants of SPEC.md`,
    async () => {
      const played = fc.assert(
        fc.asyncProperty(schedule, (decisions) => simulate(decisions, { database })),
        { numRuns: runs, seed: 20_261 },
      );
      await expect(played).resolves.toBeUndefined();
    },
    30 * 60_000,
  );

  it(
    `N5 N13 ${runs} schedules with approvals, client tools and people who answer at any moment hold them as well`,
    async () => {
      const played = fc.assert(
        fc.asyncProperty(askingSchedule, (decisions) => simulate(decisions, { database, asks: true })),
        { numRuns: runs, seed: 20_262 },
      );
      await expect(played).resolves.toBeUndefined();
    },
    30 * 60_000,
  );

  it.each([
    ["the fence of the database", { database: withoutFence }, /^(3|4|5|6|7|9) /],
    ["the fence of the log", { log: withoutLogFence }, /^9 /],
    [
      "the checkpoint after a model call",
      { database: withoutModelDone },
      /^(4 finished steps are kept|5 model done means done)/,
    ],
    ["the checkpoint before a tool", { database: withoutToolStart }, /^6 at most once/],
    [
      "the look for answers before parking",
      { database: withoutLookBeforeParking, asks: true },
      /^completions do not end/,
    ],
    ["the decision", { database: withoutDecision, asks: true }, /^11 asked means asked/],
  ])(
    "breaks an invariant when %s is removed",
    async (_what, mutation, invariant) => {
      const own = await testDatabases[0]!.open();
      const world = {
        database: "database" in mutation ? mutation.database(own) : own,
        ...("log" in mutation ? { wrapLog: mutation.log } : {}),
        ...("asks" in mutation ? { asks: true } : {}),
      };
      const found = await fc.check(
        fc.asyncProperty("asks" in mutation ? askingSchedule : schedule, (decisions) => simulate(decisions, world)),
        { numRuns: 400, seed: 7, endOnFailure: true },
      );
      await own.close();
      expect(found.errorInstance).toMatchObject({ message: expect.stringMatching(invariant) });
    },
    120_000,
  );
});
