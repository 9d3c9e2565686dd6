import { afterAll, beforeAll, describe, expect, test } from "vitest";
import sql from "sql-template-tag";
import { send } from "../conversations/sending/send.ts";
import type { Database } from "../ports/database.ts";
import type { ModelCall } from "../protocol/agent/model.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { createScriptedModel, say } from "../testing/providers/scripted-model.ts";
import { createPrincipal, createSpine, permitAll, type Spine, text } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { Worker } from "./worker.ts";

const lastWords = ({ messages }: ModelCall): string => JSON.stringify(messages.at(-1)?.content);

describe.each(testDatabases)("S44 a cap of what runs for one user, on $name", ({ open }) => {
  test("what is beyond it waits, other users go on, and all of it is answered in the end", async () => {
    const database = await open();
    const free = Promise.withResolvers<void>();
    const model = createScriptedModel(() => [[{ wait: free.promise }], say("done")]);
    const spine = await createSpine({ database, model });
    const [greedy, other] = [await createPrincipal(database), await createPrincipal(database)];
    const ask = (principal: Principal) =>
      send(spine.context, principal, { message: { parts: text("hello") } }, permitAll);
    for (let index = 0; index < 6; index += 1) await ask(greedy);
    const worker = spine.worker({ runningPerUser: 2 });
    await worker.start();
    await model.called(2);
    await ask(other);
    await model.called(3);
    const count = async (status: string) =>
      (
        await database.query<{ count: number }>(sql`select count(*) as count from completion where status = ${status}`)
      )[0]?.count;
    expect([await count("running"), await count("queued")]).toEqual([3, 4]);
    free.resolve();
    await expect.poll(() => count("completed"), { timeout: 10_000 }).toBe(7);
    await worker.drain(5);
    await spine.close();
    await database.close();
  });
});

describe.each(testDatabases)("B8 a worker with one slot, on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let worker: Worker;
  const free = Promise.withResolvers<void>();
  const model = createScriptedModel((call) =>
    lastWords(call).includes("first") ? [[{ wait: free.promise }], say("done")] : [say("done")],
  );

  beforeAll(async () => {
    database = await open();
    spine = await createSpine({ database, model });
    worker = new Worker(spine.dependencies(), { concurrency: 1, pollSeconds: 3_600 });
    await worker.start();
  });
  afterAll(async () => {
    await worker.drain(5);
    await spine.close();
    await database.close();
  });

  test("answers a newcomer before the rest of what another user had in the queue, and all of it in the end", async () => {
    const [greedy, newcomer] = [await createPrincipal(database), await createPrincipal(database)];
    const ask = (principal: Principal, words: string) =>
      send(spine.context, principal, { message: { parts: text(words) } }, permitAll);
    await ask(greedy, "first");
    await model.called(1);
    await database.transaction(async () => {
      for (let index = 0; index < 20; index += 1) await ask(greedy, `more ${index}`);
      await ask(newcomer, "newcomer");
    });
    free.resolve();
    await model.called(22);
    const order = model.calls.map(lastWords);
    expect(order.findIndex((words) => words.includes("newcomer"))).toBeLessThanOrEqual(2);
    expect(new Set(order).size).toBe(22);
  });
});
