import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BudgetPolicy } from "../../src/completions/money/budgets.ts";
import sql from "sql-template-tag";
import type { Database } from "../../src/ports/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { testRuns } from "../../src/testing/test-runs.ts";
import { simulate, type Decision } from "./simulate.ts";

const runs = testRuns(60);

const decision: fc.Arbitrary<Decision> = fc.record({
  action: fc.oneof(
    { weight: 12, arbitrary: fc.constant("pass" as const) },
    { weight: 1, arbitrary: fc.constantFrom("crash-before" as const, "crash-after" as const) },
    { weight: 1, arbitrary: fc.constant("expire" as const) },
    { weight: 2, arbitrary: fc.constant("cancel" as const) },
  ),
  index: fc.nat(5),
});
const schedule = fc.array(decision, { minLength: 20, maxLength: 120, size: "max" });

const policy = fc.record({
  micros: fc.constantFrom(null, 40, 120, 300, 5_000),
  tokens: fc.constantFrom(10, 40, 100, 5_000),
});

const policyOf = ({ micros, tokens }: { micros: number | null; tokens: number }): BudgetPolicy => ({
  defaults: [
    { scope: "user", period: "day", limit_micros: micros, limit_tokens: null },
    { scope: "workspace", period: "total", limit_micros: null, limit_tokens: tokens },
  ].filter((rule) => rule.limit_micros !== null || rule.limit_tokens !== null) as BudgetPolicy["defaults"],
});

describe("budgets under aborts", () => {
  let database: Database;

  beforeAll(async () => {
    database = await testDatabases[0]!.open();
  });

  afterAll(() => database.close());

  it(
    `N6 S44 ${runs} schedules of concurrent calls with stops and crashes leave budgets held and the ledger exact`,
    async () => {
      const played = fc.assert(
        fc.asyncProperty(schedule, policy, (decisions, limits) =>
          simulate(decisions, { database, budgets: policyOf(limits), atOnce: 4 }),
        ),
        { numRuns: runs, seed: 1_995 },
      );
      await expect(played).resolves.toBeUndefined();
    },
    30 * 60_000,
  );

  it("breaks when an entry is settled and its budgets are not", async () => {
    const own = await testDatabases[0]!.openEmpty();
    await migrate(own);
    await own.query(sql`drop trigger usage_settled on usage`);
    const found = await fc.check(
      fc.asyncProperty(schedule, policy, (decisions, limits) =>
        simulate(decisions, { database: own, budgets: policyOf(limits), atOnce: 4 }),
      ),
      { numRuns: 50, seed: 3, endOnFailure: true },
    );
    await own.close();
    expect(found.errorInstance).toMatchObject({
      message: expect.stringMatching(/^7 a budget is the sum of its ledger/),
    });
  }, 120_000);
});
