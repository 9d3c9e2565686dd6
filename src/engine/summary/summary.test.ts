import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { edit } from "../../conversations/sending/edit.ts";
import { fork } from "../../conversations/fork.ts";
import { removeMessage } from "../../conversations/messages.ts";
import { send } from "../../conversations/sending/send.ts";
import { summaryKind } from "../../conversations/summary.ts";
import { NatterError } from "../../foundation/errors.ts";
import { silentLogger } from "../../foundation/logger.ts";
import { JobLoop } from "../../jobs/job-loop.ts";
import type { Database } from "../../ports/database.ts";
import type { ModelCall } from "../../protocol/agent/model.ts";
import {
  createScriptedModel,
  say,
  type ModelStep,
  type ScriptedModel,
} from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text, until, type Spine } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createSummaryHandler } from "./summary.ts";
import type { Worker } from "../worker.ts";

const contextMessages = 6;

const isSummaryCall = (call: ModelCall): boolean =>
  call.instructions?.includes("the memory of a conversation") === true;

const wordsOf = (value: unknown): string[] => JSON.stringify(value).match(/[qa]\d+[a-z]*/g) ?? [];

/** The last words of a question, and an answer to it that names it. */
const answerTo = (call: ModelCall): string => (wordsOf(call.messages).at(-1) ?? "").replace("q", "a");

const summarise = (call: ModelCall): ModelStep[] => say(wordsOf(call.messages).join(" "));

describe.each(testDatabases)("C7 summaries on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let worker: Worker;
  let jobs: JobLoop;
  let model: ScriptedModel;
  let saySummary: (call: ModelCall) => readonly ModelStep[];

  const startJobs = (): void => {
    const { models } = spine.dependencies();
    jobs = new JobLoop({
      database,
      logger: silentLogger,
      handlers: { [summaryKind]: createSummaryHandler({ database, models }) },
      workerId: "worker",
      leaseSeconds: 10,
      pollSeconds: 0.02,
      concurrency: 4,
      backoffSeconds: 0.01,
    });
    jobs.start();
  };

  const start = async (givesSummaries: boolean): Promise<void> => {
    spine = await createSpine({
      database,
      model,
      agents: { default: { contextMessages, instructions: "be brief" } },
      engine: { givesSummaries },
    });
    worker = spine.worker();
    await worker.start();
    startJobs();
  };

  beforeEach(async () => {
    database = await open();
    saySummary = summarise;
    model = createScriptedModel((call) => (isSummaryCall(call) ? saySummary(call) : say(answerTo(call))));
  });

  afterEach(async () => {
    await Promise.all([worker.drain(1), jobs.drain(1)]);
    await spine.close();
    await database.close();
  });

  const noJobs = () =>
    until(async () => (await database.query(sql`select 1 from job where failed_at is null`)).length === 0);
  const answered = async (completionId: string): Promise<void> => {
    await until(async () => {
      const [row] = await database.query<{ status: string }>(
        sql`select status from completion where id = ${completionId}`,
      );
      return row?.status === "completed";
    });
    await noJobs();
  };
  const ask = async (words: string, conversationId?: string) => {
    const { context, principal } = spine;
    const accepted = await send(context, principal, { conversationId, message: { parts: text(words) } }, permitAll);
    await answered(accepted.completionId);
    return { conversationId: accepted.conversationId, userMessageId: accepted.userMessageId ?? "" };
  };
  const askAll = async (from: number, to: number, conversationId?: string): Promise<string> => {
    let id = conversationId;
    for (let turn = from; turn <= to; turn += 1) id = (await ask(`q${turn}`, id)).conversationId;
    return id ?? "";
  };
  const lastAnswerCall = () => model.calls.findLast((call) => !isSummaryCall(call));
  const summaryCalls = () => model.calls.filter(isSummaryCall);
  const rows = () =>
    database.query<{ text: string; messages: number }>(sql`select text, messages from summary order by messages`);
  /** What was said before the question of this turn, and the question. */
  const everything = (turn: number): string[] =>
    Array.from({ length: 2 * turn - 1 }, (_, index) => `${index % 2 === 0 ? "q" : "a"}${Math.floor(index / 2) + 1}`);

  test("the model reads each message once, by itself or in the summary, on every turn", async () => {
    await start(true);
    let id: string | undefined;
    for (let turn = 1; turn <= 14; turn += 1) {
      id = (await ask(`q${turn}`, id)).conversationId;
      expect(wordsOf(lastAnswerCall()?.messages)).toEqual(everything(turn));
      expect(lastAnswerCall()?.messages.length).toBeLessThanOrEqual(contextMessages);
    }
    const first = JSON.stringify(lastAnswerCall()?.messages[0]);
    expect(first).toContain("A note that was not written by the person: the first 24 messages");
    expect(lastAnswerCall()?.instructions).toBe("be brief");
    expect(model.calls.length - summaryCalls().length).toBe(14);
  });

  test("is extended from the one before, once for each part of the window, and the requester pays for it apart", async () => {
    await start(true);
    await askAll(1, 9);
    expect(summaryCalls().map((call) => wordsOf(call.messages).length)).toEqual([4, 8, 12, 16]);
    for (const call of summaryCalls().slice(1)) expect(JSON.stringify(call.messages)).toContain("The summary so far");
    expect(await rows()).toHaveLength(summaryCalls().length);
    const ledger = await database.query(sql`
      select call, step, output_tokens, estimated, user_id from usage where step = 0 and call = 3`);
    expect(ledger).toHaveLength(summaryCalls().length);
    expect(ledger[0]).toMatchObject({ estimated: false, user_id: spine.principal.userId });
    const [sum] = await database.query<{ calls: number }>(sql`
      select count(*)::int as calls from usage where completion_id in (select completion_id from usage where call = 3) and call = 1`);
    expect(sum?.calls).toBe(summaryCalls().length);
  });

  test("of one branch is not seen on another", async () => {
    await start(true);
    const id = await askAll(1, 3);
    const fourth = await ask("q4", id);
    await askAll(5, 8, id);
    const { context, principal } = spine;
    const edited = await edit(
      context,
      principal,
      { conversationId: id, messageId: fourth.userMessageId, parts: text("q4other") },
      permitAll,
    );
    await answered(edited.completionId);
    expect(wordsOf(lastAnswerCall()?.messages)).toEqual([...everything(3), "a3", "q4other"]);
    await ask("q5other", id);
    await ask("q6other", id);
    await ask("q7other", id);
    const seen = wordsOf(lastAnswerCall()?.messages);
    expect(seen).toEqual([
      ...everything(3),
      "a3",
      "q4other",
      "a4other",
      "q5other",
      "a5other",
      "q6other",
      "a6other",
      "q7other",
    ]);
  });

  test("that can't be made leaves answers as they are, and is made later", async () => {
    await start(true);
    saySummary = () => [{ fail: new NatterError("provider_failed", "busy") }];
    const id = await askAll(1, 6);
    expect(wordsOf(lastAnswerCall()?.messages)).toEqual(everything(6).slice(-5));
    expect(await rows()).toEqual([]);
    saySummary = summarise;
    await askAll(7, 8, id);
    expect(wordsOf(lastAnswerCall()?.messages)).toEqual(everything(8));
  });

  test("is forgotten when a message is deleted, and made again without it", async () => {
    await start(true);
    const first = await ask("q1");
    const { conversationId } = first;
    await askAll(2, 6, conversationId);
    expect(JSON.stringify(await rows())).toContain("q1 ");
    await removeMessage(spine.context, spine.principal, { conversationId, messageId: first.userMessageId }, permitAll);
    expect(await rows()).toEqual([]);
    await askAll(7, 8, conversationId);
    expect(wordsOf(lastAnswerCall()?.messages)).toEqual(everything(8).slice(1));
  });

  test("whose message is deleted while it is made is not kept", async () => {
    await start(true);
    const first = await ask("q1");
    const { conversationId } = first;
    const held = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    saySummary = (call) => {
      begun.resolve();
      return [{ wait: held.promise }, ...summarise(call)];
    };
    const asking = askAll(2, 4, conversationId);
    await begun.promise;
    await removeMessage(spine.context, spine.principal, { conversationId, messageId: first.userMessageId }, permitAll);
    saySummary = summarise;
    held.resolve();
    await asking;
    expect(JSON.stringify(await rows())).not.toContain("q1");
  });

  test("goes along with a fork", async () => {
    await start(true);
    const id = await askAll(1, 6);
    const before = summaryCalls().length;
    const copy = await fork(spine.context, spine.principal, { conversationId: id }, permitAll);
    await ask("q7", copy.id);
    expect(wordsOf(lastAnswerCall()?.messages)).toEqual(everything(7));
    expect(summaryCalls().length - before).toBeLessThanOrEqual(1);
  });

  test("is neither made nor shown where it is switched off", async () => {
    await start(false);
    await askAll(1, 6);
    expect(wordsOf(lastAnswerCall()?.messages)).toEqual(everything(6).slice(-5));
    expect([summaryCalls().length, await rows()]).toEqual([0, []]);
  });

  test("of a long conversation that was not made here is made in rounds, none twice, with its system messages word for word", async () => {
    await start(true);
    const { conversationId: id } = await ask("q1");
    const { workspaceId, userId } = spine.principal;
    await database.query(sql`
      insert into message (workspace_id, conversation_id, id, parent_id, author_id, sequence, role, parts)
      select ${workspaceId}, ${id}, 'old-' || n, case when n > 1 then 'old-' || n - 1 end, ${userId}, n + 100,
        case when n = 1 then 'system' when n % 2 = 0 then 'user' else 'assistant' end,
        jsonb_build_array(jsonb_build_object('type', 'text', 'text', case when n = 1 then 'speak Latin' else 'q' || n end))
      from generate_series(1, 451) n`);
    await database.query(sql`
      update conversation set active_leaf_id = 'old-451', next_sequence = 600, message_count = 453 where id = ${id}`);
    let calls = 0;
    saySummary = (call) => {
      calls += 1;
      return calls === 3 ? [{ fail: new NatterError("provider_failed", "busy") }] : summarise(call);
    };
    await ask("q452", id);
    const begins = summaryCalls().map((call) => wordsOf(JSON.stringify(call.messages).split("The messages:")[1])[0]);
    expect(begins).toEqual(
      ["q2", "q101", "q201", "q301", "q401"].flatMap((word) => (word === "q201" ? [word, word] : word)),
    );
    const call = (await ask("q453", id), lastAnswerCall());
    const seen = wordsOf(call?.messages).filter((word) => word.startsWith("q"));
    expect(seen).toEqual(Array.from({ length: 452 }, (_, index) => `q${index + 2}`));
    expect(call?.instructions).toBe("be brief\n\nspeak Latin");
  });
});
