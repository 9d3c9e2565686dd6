import { setImmediate as nextTurn } from "node:timers/promises";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { send } from "../conversations/sending/send.ts";
import type { Io } from "../foundation/io.ts";
import type { Database } from "../ports/database.ts";
import { createScriptedModel, say } from "../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text, type Spine } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";

const turns = async (count: number): Promise<false> => {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
  return false;
};

describe("F21 a worker that is told to go while it claims", () => {
  let database: Database;
  let spine: Spine;

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    spine = await createSpine({ database, model: createScriptedModel(() => [say("one"), { hang: true }]) });
  });
  afterAll(async () => {
    await spine.close();
    await database.close();
  });

  it("hands over what it has just claimed: the next worker finds no crash", async () => {
    const claimed = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const io: Io = async (label, effect) => {
      const result = await effect();
      if (label === "claim.key" || label === "claim.next") {
        if (result !== null) claimed.resolve();
        await held.promise;
      }
      return result;
    };
    const worker = spine.worker({ io });
    await worker.start();
    const { completionId } = await send(spine.context, spine.principal, { message: { parts: text("go") } }, permitAll);
    await claimed.promise;
    const drained = worker.drain(0);
    // a worker that does not wait for its claim has gone by then
    const gone = await Promise.race([drained.then(() => true), turns(1_000)]);
    expect(gone).toBe(false);
    held.resolve();
    await drained;
    const rows = await database.query(
      sql`select status, worker_id, crashes from completion where id = ${completionId}`,
    );
    expect(rows).toEqual([{ status: "running", worker_id: null, crashes: 0 }]);
  });
});
