import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../ports/database.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { createPrincipal, permitAll, until } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { listConversations } from "./read.ts";
import { see } from "./seen.ts";

describe.each(testDatabases)("what was seen on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;
  let principal: Principal;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
    principal = worker.spine.principal;
  });
  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const isUnread = async (id: string): Promise<boolean | undefined> =>
    (await listConversations(database, principal, { limit: 50 })).data.find((one) => one.id === id)?.unread;

  test("N10 an answer is unread until its owner looks, and their other devices are told once", async () => {
    const told: string[] = [];
    const stop = await worker.spine.context.signals.subscribe("hint", (payload) => {
      if (payload.includes('"seen"')) told.push(payload);
    });
    const first = await worker.send("hello");
    const { conversationId: id } = first;
    expect(await isUnread(id)).toBe(false);
    await worker.answer(first, "hi");
    expect(await isUnread(id)).toBe(true);
    const other = { ...(await createPrincipal(database)), workspaceId: principal.workspaceId };
    await see(worker.spine.context, other, id, permitAll);
    expect(await isUnread(id)).toBe(true);
    for (let time = 0; time < 3; time += 1) await see(worker.spine.context, principal, id, permitAll);
    expect(await isUnread(id)).toBe(false);
    await until(async () => told.length > 0);
    const second = await worker.send("more", { conversationId: id });
    expect(await isUnread(id)).toBe(false);
    await worker.answer(second, "again");
    expect(await isUnread(id)).toBe(true);
    await see(worker.spine.context, principal, id, permitAll);
    await until(async () => told.length > 1);
    expect(told.map((payload) => JSON.parse(payload) as object)).toEqual([
      expect.objectContaining({ kind: "seen", id, ownerId: principal.userId }),
      expect.objectContaining({ kind: "seen", id }),
    ]);
    stop();
  });
});
