import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getCompletion } from "../../src/completions/read.ts";
import { getMessage } from "../../src/conversations/messages.ts";
import { send } from "../../src/conversations/sending/send.ts";
import { createMemoryLog } from "../../src/drivers/log/log-memory.ts";
import type { Database } from "../../src/ports/database.ts";
import { areSameParts, readAsAiSdk } from "../../src/testing/providers/read-as-ai-sdk.ts";
import { createScriptedModel, say } from "../../src/testing/providers/scripted-model.ts";
import { createSpine, permitAll, readLog, text, until } from "../../src/testing/spine.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { textOf } from "./answer-check.ts";
import { createMortalIo } from "./mortal-io.ts";

const poison = "the question that kills";
const words = (number: number): string[] => [`answer ${number} `, "goes on ", "and on"];

const model = createScriptedModel((call, number) =>
  JSON.stringify(call.messages.at(-1)).includes(poison) ? [say(...words(number)), { hang: true }] : [say("well")],
);

describe.each(testDatabases)("three crashes over one answer on $name", ({ open }) => {
  let database: Database;

  beforeAll(async () => {
    database = await open();
  });

  afterAll(() => database.close());

  it.each([
    ["whose log is still there", false],
    ["whose log was lost each time", true],
  ])(
    "N1 end a completion %s as failed, with a prefix of one answer, and its conversation goes on",
    async (_, isLost) => {
      const spine = await createSpine({ database, model, engine: { snapshotMilliseconds: 10 } });
      const ask = (words: string, conversationId?: string) =>
        send(
          spine.context,
          spine.principal,
          { message: { parts: text(words) }, ...(conversationId === undefined ? {} : { conversationId }) },
          permitAll,
        );
      const accepted = await ask(poison);
      const began = model.calls.length;
      const newLog = () => createMemoryLog({ retentionSeconds: 60 });
      for (const crashes of [1, 2, 3]) {
        const mortal = createMortalIo(({ label, occurrence }) =>
          label === "snapshot" && occurrence === 2 ? "die after" : "live",
        );
        const worker = spine.worker({ io: mortal.io, ...(isLost ? { log: newLog() } : {}) });
        await worker.start();
        await mortal.died;
        void worker.drain(0);
        expect(model.calls.length).toBe(began + crashes);
        await database.query(
          sql`update completion set lease_until = now() - interval '1 second' where status = 'running'`,
        );
      }
      const log = isLost ? newLog() : spine.log;
      const worker = spine.worker({ log });
      await worker.start();
      const failed = await until(async () => {
        const completion = await getCompletion(database, spine.principal, accepted.completionId, permitAll);
        return completion.status !== "running" && completion;
      });
      expect(failed).toMatchObject({ status: "failed", error: { code: "crash_loop" } });
      const { parts } = await getMessage(database, spine.principal, accepted, permitAll);
      const answers = [1, 2, 3].map((crash) => words(began + crash).join(""));
      expect(textOf(parts)).not.toBe("");
      expect(answers.filter((answer) => answer.startsWith(textOf(parts)))).toHaveLength(1);
      const { chunks } = await until(async () => {
        const told = await readLog(log, accepted.completionId);
        return told.ended && told;
      });
      expect(areSameParts(await readAsAiSdk(chunks), parts)).toBe(true);

      const next = await ask("and now?", accepted.conversationId);
      await until(async () => {
        const { status } = await getCompletion(database, spine.principal, next.completionId, permitAll);
        return status === "completed";
      });
      expect(model.calls.length).toBe(began + 4);
      await worker.drain(1);
      await spine.close();
    },
  );
});
