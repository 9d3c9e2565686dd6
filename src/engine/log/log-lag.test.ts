import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../../conversations/sending/send.ts";
import { createMemoryLog } from "../../drivers/log/log-memory.ts";
import type { ChunkLog } from "../../ports/chunk-log.ts";
import type { Database } from "../../ports/database.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text, until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";

let database: Database;
beforeAll(async () => {
  database = await testDatabases.at(-1)!.open();
});
afterAll(() => database.close());

test("F9 what a log has not acknowledged is the lag of its worker, until it has", async () => {
  const memory = createMemoryLog({ retentionSeconds: 60 });
  const isBack = Promise.withResolvers<void>();
  const log: ChunkLog = {
    open: (...call) => memory.open(...call),
    read: (...call) => memory.read(...call),
    watch: (...call) => memory.watch(...call),
    close: () => memory.close(),
    append: async (...call) => {
      await isBack.promise;
      return memory.append(...call);
    },
  };
  const model = createScriptedModel(() => [say("one ", "two ", "three")]);
  const spine = await createSpine({ database, model, log });
  const worker = spine.worker();
  await worker.start();
  expect(worker.lag).toEqual({ positions: 0, milliseconds: 0 });
  await send(spine.context, spine.principal, { message: { parts: text("hi") } }, permitAll);
  await until(async () => worker.lag.milliseconds > 50);
  expect(worker.lag.positions).toBeGreaterThanOrEqual(4);
  isBack.resolve();
  await until(async () => worker.running === 0);
  expect(worker.lag).toEqual({ positions: 0, milliseconds: 0 });
  await worker.drain(1);
  await spine.close();
});
