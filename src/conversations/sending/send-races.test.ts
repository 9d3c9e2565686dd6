import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claimNext } from "../../completions/claim.ts";
import { createClaimOptions } from "../../engine/claim/claim-options.ts";
import { LogCloser } from "../../engine/log/close-logs.ts";
import { Run } from "../../engine/run.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { countingDatabase } from "../../testing/databases/counting-database.ts";
import { createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { testRuns } from "../../testing/test-runs.ts";
import type { Accepted } from "./accept.ts";
import { append } from "./append.ts";
import { create } from "../create.ts";
import { getMessage } from "../messages.ts";
import { getConversation } from "../read.ts";
import { send } from "./send.ts";

const writers = 64;
const messagesPerWriter = 20;

describe.each(testDatabases)("many sends at once on $name", ({ open }) => {
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

  const sequencesOf = async (conversationId: string): Promise<number[]> => {
    const rows = await database.query<{ sequence: number }>(
      sql`select sequence from message where conversation_id = ${conversationId} order by sequence`,
    );
    return rows.map(({ sequence }) => sequence);
  };
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

  it("A6 64 writers with 20 messages each on one conversation: numbers unique and without a gap", async () => {
    const first = await worker.send("first");
    const { conversationId } = first;
    const write = async (writer: number): Promise<number[]> => {
      const numbers: number[] = [];
      for (let message = 0; message < messagesPerWriter; message += 1) {
        const { sequence } = await worker.send(`${writer}.${message}`, { conversationId });
        numbers.push(sequence);
      }
      return numbers;
    };
    const all = await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    for (const numbers of all) expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
    const total = 2 + 2 * writers * messagesPerWriter;
    expect(await sequencesOf(conversationId)).toEqual(upTo(total));
    expect(new Set(all.flat()).size).toBe(writers * messagesPerWriter);
    const conversation = await getConversation(database, worker.spine.principal, conversationId, permitAll);
    expect(conversation.messageCount).toBe(total);
    const [row] = await database.query<{ next: number; completions: number }>(
      sql`select next_sequence as next, (select count(*) from completion where conversation_id = ${conversationId}) as completions
        from conversation where id = ${conversationId}`,
    );
    expect(row).toEqual({ next: total + 1, completions: 1 + writers * messagesPerWriter });
  });

  it("A6 sends, appends and refused sends at once leave no gap either", async () => {
    const { id: conversationId } = await create(worker.spine.context, worker.spine.principal, {});
    const taken = createId();
    const tries = upTo(90).map((index) => {
      const id = index % 3 === 0 ? taken : createId();
      const input = { conversationId, message: { id, parts: text(`${index}`) } };
      return index % 3 === 1
        ? append(worker.spine.context, worker.spine.principal, input, permitAll)
        : send(worker.spine.context, worker.spine.principal, input, permitAll);
    });
    const outcomes = await Promise.allSettled(tries);
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.code] : []));
    for (const code of refused) expect(["busy", "id_taken"]).toContain(code);
    expect(refused.filter((code) => code === "id_taken")).toHaveLength(29);
    const sequences = await sequencesOf(conversationId);
    expect(sequences).toEqual(upTo(sequences.length));
  });

  it("F14 two tabs on a new conversation id: both are saved, the second goes under the first's answer", async () => {
    const rounds = testRuns(3);
    for (let round = 0; round < rounds; round += 1) {
      const pairs = await Promise.all(
        upTo(50).map(async () => {
          const conversationId = createId();
          const options = round % 2 === 0 ? { conversationId } : { conversationId, parentId: null };
          return Promise.all([worker.send("left", options), worker.send("right", options)]);
        }),
      );
      await Promise.all(
        pairs.map(async (pair) => {
          const [first, second] = pair.toSorted((one, other) => one.sequence - other.sequence) as [Accepted, Accepted];
          expect([first.sequence, second.sequence]).toEqual([2, 4]);
          expect(await sequencesOf(first.conversationId)).toEqual([1, 2, 3, 4]);
          await worker.answer(first, "re");
          await worker.answer(second, "re");
          const { parentId } = await getMessage(
            database,
            worker.spine.principal,
            { conversationId: first.conversationId, messageId: second.userMessageId! },
            permitAll,
          );
          expect(parentId).toBe(first.messageId);
        }),
      );
    }
  });

  it("a send with a key costs at most 6 statements and 2 commits before the provider is called", async () => {
    const counting = countingDatabase(database);
    const model = createScriptedModel(() => {
      counting.mark("provider");
      return [say("hello")];
    });
    const spine = await createSpine({ database: counting, model });
    const { workspaceId } = spine.principal;
    const { id: conversationId } = await create(spine.context, spine.principal, {});
    counting.mark("send");
    const idempotency = { key: createId(), hash: "hash" };
    const input = { conversationId, message: { parts: text("hello") }, idempotency };
    const { completionId } = await send(spine.context, spine.principal, input, permitAll);
    const dependencies = spine.dependencies();
    const claim = await claimNext(counting, { workspaceId, completionId }, createClaimOptions(dependencies));
    await new Run(dependencies, new LogCloser(dependencies), claim!).done;
    const count = counting.count({ from: "send", to: "provider" });
    expect(count).toMatchObject({ statements: 6, commits: 2 });
    await spine.close();
  });
});
