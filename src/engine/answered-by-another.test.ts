import sql from "sql-template-tag";
import { describe, expect, test } from "vitest";
import { send } from "../conversations/sending/send.ts";
import { createScriptedModel, say } from "../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text, until } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";

describe.each(testDatabases)("B7 the ledger on $name", ({ open }) => {
  test("names and prices the model that answered, where it was a fallback", async () => {
    const database = await open();
    const usage = { inputTokens: 3, outputTokens: 4 };
    const model = createScriptedModel(() => [say("hi"), [{ end: { finishReason: "stop", usage, model: "other/m" } }]]);
    const spine = await createSpine({ database, model });
    const { models } = spine.dependencies();
    const worker = spine.worker({
      models: {
        ...models,
        priceOf: (id, { outputTokens }) => ({
          costMicros: (id === "other/m" ? 10 : 1_000) * outputTokens,
          price: { input: 1, output: 1 },
        }),
      },
    });
    await worker.start();
    const { completionId } = await send(spine.context, spine.principal, { message: { parts: text("hi") } }, permitAll);
    const entry = await until(async () => {
      const [row] = await database.query(
        sql`select model, cost_micros from usage where completion_id = ${completionId} and not estimated`,
      );
      return row;
    });
    expect(entry).toEqual({ model: "other/m", cost_micros: 40 });
    await worker.drain(1);
    await spine.close();
    await database.close();
  });
});
