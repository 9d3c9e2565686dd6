import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { DefaultBudget } from "../../protocol/people/budget.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { putBudgetRow } from "../../store/money/budget-rows.ts";
import { settling, voidUsage } from "../../store/money/usage-rows.ts";
import { countingDatabase } from "../../testing/databases/counting-database.ts";
import { createPrincipal } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { reservedOutput } from "./budgets.ts";
import { openEntryOrThrow, type Entry } from "./open-entry.ts";
import { openSideCall, settleSideCall } from "./side-calls.ts";

const priceOf = (model: string, usage: { inputTokens: number; outputTokens: number }) =>
  model === "test/unknown" ? null : { costMicros: usage.inputTokens + 10 * usage.outputTokens, price: {} };

const daily: DefaultBudget = { scope: "user", period: "day", limit_micros: null, limit_tokens: 1_000 };

describe.each(testDatabases)("N6 budgets on $name", ({ open }) => {
  let database: Database;
  let principal: Principal;
  beforeEach(async () => {
    database = await open();
    principal = await createPrincipal(database);
  });
  afterEach(() => database.close());

  const entryOf = (defaults: readonly DefaultBudget[], more: Partial<Entry> = {}): Entry => ({
    workspaceId: principal.workspaceId,
    userId: principal.userId,
    keyId: null,
    completionId: createId(),
    conversationId: createId(),
    step: 1,
    fence: 1,
    call: 1,
    model: "test/model",
    inputTokens: 10,
    reserve: { policy: { defaults }, outputTokens: 90 },
    ...more,
  });

  const spent = async (): Promise<Record<string, number>> => {
    const rows = await database.query<{ scope: string; period: string; tokens: number; micros: number }>(
      sql`select scope, period, tokens, micros from spending where workspace_id = ${principal.workspaceId}`,
    );
    return Object.fromEntries(rows.map(({ scope, period, tokens }) => [`${scope} ${period}`, tokens]));
  };

  const settle = (entry: Entry, inputTokens: number, outputTokens: number) =>
    database.query(settling(entry, entry.step, { call: 1, usage: { inputTokens, outputTokens }, bill: null }));

  it("lets exactly as many calls in as there is room for, however many ask at once", async () => {
    const entries = Array.from({ length: 40 }, () => entryOf([daily]));
    const outcomes = await Promise.allSettled(entries.map((entry) => openEntryOrThrow(database, entry, priceOf)));
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(30);
    for (const outcome of refused) expect(outcome).toMatchObject({ reason: { code: "budget_exceeded" } });
    expect(await spent()).toEqual({ "user day": 1_000 });
  });

  it("gives back what was not used, counts what was used beyond, and all of it once", async () => {
    const [less, more, never] = [entryOf([daily]), entryOf([daily]), entryOf([daily])];
    for (const entry of [less, more, never]) await openEntryOrThrow(database, entry, priceOf);
    expect(await spent()).toEqual({ "user day": 300 });
    await settle(less, 10, 5);
    await settle(less, 10, 5);
    await settle(more, 20, 200);
    await voidUsage(database, never);
    expect(await spent()).toEqual({ "user day": 235 });
  });

  it("an opening that is repeated is counted once", async () => {
    const entry = entryOf([daily]);
    await openEntryOrThrow(database, entry, priceOf);
    await openEntryOrThrow(database, entry, priceOf);
    expect(await spent()).toEqual({ "user day": 100 });
  });

  it("the configuration's budget holds besides the workspace's, and one for this key stands for the one for each", async () => {
    const { workspaceId } = principal;
    const budget = {
      id: createId(),
      scope: "key" as const,
      period: "total" as const,
      limitMicros: null,
      created_by: "a",
    };
    await putBudgetRow(database, workspaceId, { ...budget, subject: "", limitTokens: 50 });
    await putBudgetRow(database, workspaceId, { ...budget, id: createId(), subject: "mine", limitTokens: 150 });
    await openEntryOrThrow(database, entryOf([daily]), priceOf);
    await openEntryOrThrow(database, entryOf([daily], { keyId: "mine" }), priceOf);
    await expect(openEntryOrThrow(database, entryOf([daily], { keyId: "mine" }), priceOf)).rejects.toThrow("API key");
    await expect(openEntryOrThrow(database, entryOf([daily], { keyId: "other" }), priceOf)).rejects.toThrow("API key");
    const tight = { ...daily, limit_tokens: 250 };
    await expect(openEntryOrThrow(database, entryOf([tight], { inputTokens: 100 }), priceOf)).rejects.toThrow(
      "today's",
    );
  });

  it("a new period begins at nothing, and a budget that is new counts what its period has seen before", async () => {
    await openEntryOrThrow(database, entryOf([daily]), priceOf);
    await database.query(sql`update spending set starts = starts - interval '1 day'`);
    await database.query(sql`update usage set created_at = created_at - interval '1 day'`);
    await openEntryOrThrow(database, entryOf([daily]), priceOf);
    const total: DefaultBudget = { scope: "workspace", period: "total", limit_micros: null, limit_tokens: 10_000 };
    await openEntryOrThrow(database, entryOf([daily, total]), priceOf);
    expect(await spent()).toMatchObject({ "workspace total": 300 });
  });

  it("a title or a guard is reserved and settled like any call", async () => {
    const { workspaceId, userId } = principal;
    const call = { kind: "guard" as const, workspaceId, userId, completionId: createId(), conversationId: createId() };
    const side = {
      ...call,
      model: "test/model",
      inputTokens: 20,
      reserve: { policy: { defaults: [{ ...daily, limit_tokens: 100 }] }, outputTokens: 50 },
    };
    const opened = await openSideCall(database, side, priceOf);
    expect(await spent()).toEqual({ "user day": 70 });
    await expect(openSideCall(database, side, priceOf)).rejects.toThrow("today's part of your budget");
    await settleSideCall(database, opened, { inputTokens: 20, outputTokens: 1 }, priceOf);
    expect(await spent()).toEqual({ "user day": 21 });
  });

  it("costs one statement more than no budget", async () => {
    const counting = countingDatabase(database);
    await openEntryOrThrow(counting, entryOf([daily]), priceOf);
    counting.mark("known");
    await openEntryOrThrow(counting, entryOf([daily]), priceOf);
    expect(counting.count({ from: "known" })).toMatchObject({ statements: 2, commits: 1 });
    counting.mark("free");
    await openEntryOrThrow(counting, { ...entryOf([]), reserve: undefined }, priceOf);
    expect(counting.count({ from: "free" })).toMatchObject({ statements: 1, commits: 1 });
  });
});

it("no more than 4,096 tokens are reserved for an answer", () => {
  expect([reservedOutput(100), reservedOutput(1_000_000), reservedOutput(null), reservedOutput(undefined)]).toEqual([
    100, 4_096, 4_096, 4_096,
  ]);
});
