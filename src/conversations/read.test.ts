import fc from "fast-check";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../ports/database.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { createPrincipal, permitAll, text } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { testRuns } from "../testing/test-runs.ts";
import { change } from "./change.ts";
import { create } from "./create.ts";
import { listConversations, type ConversationQuery } from "./read.ts";
import { remove } from "./remove.ts";
import { send } from "./sending/send.ts";

describe.each(testDatabases)("the list of conversations on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const list = (as: Principal, query: Partial<ConversationQuery> = {}) =>
    listConversations(database, as, { limit: 50, ...query });
  const titles = async (as: Principal, query: Partial<ConversationQuery> = {}) =>
    (await list(as, query)).data.map(({ title }) => title);
  const make = (as: Principal, title: string | null, more = {}) => create(worker.spine.context, as, { title, ...more });

  it("D8 is ordered by last update; a send moves up, a rename does not", async () => {
    const someone = await createPrincipal(database);
    for (const title of ["a", "b", "c"]) await make(someone, title);
    await database.query(sql`
      update conversation set updated_at = now() - (ascii(title) - 96) * interval '1 hour' where owner_id = ${someone.userId}`);
    expect(await titles(someone)).toEqual(["a", "b", "c"]);
    const last = (await list(someone)).data[2]!;
    await change(worker.spine.context, someone, { conversationId: last.id, change: { title: "C" } }, permitAll);
    expect(await titles(someone)).toEqual(["a", "b", "C"]);
    await send(worker.spine.context, someone, { conversationId: last.id, message: { parts: text("hi") } }, permitAll);
    expect(await titles(someone)).toEqual(["C", "a", "b"]);
  });

  it("D8 in pages of any size shows each once, also where all were updated in the same microsecond", async () => {
    const someone = await createPrincipal(database);
    const made: string[] = [];
    for (let index = 0; index < 17; index += 1) made.push((await make(someone, `${index}`)).id);
    await database.query(sql`
      update conversation set updated_at = timestamptz '2026-01-01 00:00:00.000123Z' + (title::int % 3) * interval '1 microsecond'
      where owner_id = ${someone.userId}`);
    const whole = (await list(someone)).data.map(({ id }) => id);
    expect(whole.toSorted()).toEqual(made.toSorted());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (limit) => {
        const seen: string[] = [];
        let cursor: ConversationQuery["cursor"];
        do {
          const page: Awaited<ReturnType<typeof list>> = await list(someone, { limit, cursor, count: true });
          expect(page.count).toBe(17);
          seen.push(...page.data.map(({ id }) => id));
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen).toEqual(whole);
      }),
      { numRuns: testRuns(10) },
    );
  });

  it("N10 a search finds part of a title in any case, and takes % _ and \\ as they are", async () => {
    const someone = await createPrincipal(database);
    const all = [
      "50% off",
      "500 off",
      "snake_case",
      "snakeXcase",
      String.raw`back\slash`,
      "back/slash",
      "ÜBER 漢字",
      null,
    ];
    for (const title of all) await make(someone, title);
    const find = async (q: string) => (await titles(someone, { q })).map(String).toSorted();
    expect(await find("0% O")).toEqual(["50% off"]);
    expect(await find("E_C")).toEqual(["snake_case"]);
    expect(await find(String.raw`k\s`)).toEqual([String.raw`back\slash`]);
    expect(await find("%")).toEqual(["50% off"]);
    expect(await find("漢")).toEqual(["ÜBER 漢字"]);
    expect(await find("snake")).toEqual(["snakeXcase", "snake_case"]);
    expect(await find("' or 1=1 --")).toEqual([]);
    expect(await list(someone, { q: "snake", count: true, limit: 1 })).toMatchObject({ count: 2, data: [{}] });
  });

  it("A1 is the caller's own in this workspace, without temporary and deleted ones, by status and pin if asked", async () => {
    const someone = await createPrincipal(database);
    const other = await createPrincipal(database);
    const kept = await make(someone, "kept");
    await make(someone, "shared", { visibility: "workspace" });
    await make(someone, "temporary", { temporary: true });
    const gone = await make(someone, "gone");
    await remove(worker.spine.context, someone, gone.id, permitAll);
    await make(other, "theirs", { visibility: "workspace" });
    await make({ ...other, workspaceId: someone.workspaceId }, "beside", { visibility: "workspace" });
    await make({ ...someone, workspaceId: other.workspaceId }, "elsewhere");
    expect((await titles(someone)).map(String).toSorted()).toEqual(["kept", "shared"]);
    await change(worker.spine.context, someone, { conversationId: kept.id, change: { status: "archived" } }, permitAll);
    expect(await titles(someone, { status: "archived" })).toEqual(["kept"]);
    expect(await titles(someone, { status: "active" })).toEqual(["shared"]);
    expect(await list(someone, { status: "completed", count: true })).toEqual({ data: [], nextCursor: null, count: 0 });
    expect(await list(someone)).not.toHaveProperty("count");
    await make(someone, "pinned", { pinned: true });
    expect(await titles(someone, { pinned: true })).toEqual(["pinned"]);
    expect((await titles(someone, { pinned: false })).map(String).toSorted()).toEqual(["kept", "shared"]);
  });
});
