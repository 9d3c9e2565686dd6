import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { change } from "../../conversations/change.ts";
import { create } from "../../conversations/create.ts";
import { getConversation } from "../../conversations/read.ts";
import { remove } from "../../conversations/remove.ts";
import { send } from "../../conversations/sending/send.ts";
import { requestTitle } from "../../conversations/title.ts";
import { NatterError } from "../../foundation/errors.ts";
import { silentLogger } from "../../foundation/logger.ts";
import { titleKind } from "../../jobs/job.ts";
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
import type { Worker } from "../worker.ts";
import { createTitleHandler } from "./title.ts";

const isTitleCall = (call: ModelCall): boolean => call.instructions?.includes("You name conversations") === true;

describe.each(testDatabases)("titles on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let worker: Worker;
  let jobs: JobLoop;
  let model: ScriptedModel;
  let sayTitle: () => readonly ModelStep[];
  const hints: { kind: string; id: string }[] = [];

  beforeEach(async () => {
    database = await open();
    sayTitle = () => say("“Weather in ", "Lisbon.”");
    model = createScriptedModel((call) => (isTitleCall(call) ? sayTitle() : say("It is sunny.")));
    spine = await createSpine({ database, model, engine: { givesTitles: true } });
    hints.length = 0;
    await spine.context.signals.subscribe("hint", (payload) => hints.push(JSON.parse(payload)));
    worker = spine.worker();
    const { signals } = spine.context;
    jobs = new JobLoop({
      database,
      logger: silentLogger,
      handlers: {
        [titleKind]: createTitleHandler({
          database,
          signals,
          models: spine.dependencies().models,
          logger: silentLogger,
        }),
      },
      workerId: "worker",
      leaseSeconds: 10,
      pollSeconds: 0.02,
      concurrency: 4,
    });
  });

  afterEach(async () => {
    await Promise.all([worker.drain(1), jobs.drain(1)]);
    await spine.close();
    await database.close();
  });

  const ask = async (words: string, conversationId?: string): Promise<string> => {
    const { context, principal } = spine;
    const accepted = await send(context, principal, { conversationId, message: { parts: text(words) } }, permitAll);
    await until(async () => {
      const [row] = await database.query<{ status: string }>(
        sql`select status from completion where id = ${accepted.completionId}`,
      );
      return row?.status === "completed" || row?.status === "failed";
    });
    return accepted.conversationId;
  };
  const titleOf = async (id: string): Promise<string | null> =>
    (await getConversation(database, spine.principal, id, permitAll)).title;
  const noJobs = () => until(async () => (await database.query(sql`select 1 from job`)).length === 0);
  const titleCalls = () => model.calls.filter(isTitleCall);

  test("D8 N10 the first answer orders a title: its model is asked, once, in the ledger, and a hint tells of it", async () => {
    await worker.start();
    const id = await ask("What is the weather in Lisbon?");
    expect(await titleOf(id)).toBeNull();
    jobs.start();
    await until(async () => (await titleOf(id)) === "Weather in Lisbon");
    await noJobs();
    await ask("And in Porto?", id);
    expect(await database.query(sql`select 1 from job`)).toEqual([]);
    expect(titleCalls()).toHaveLength(1);
    expect(JSON.stringify(titleCalls()[0]?.messages)).toContain("What is the weather in Lisbon?");
    const ledger = await database.query(sql`
      select step, fence, call, input_tokens, output_tokens, estimated, user_id from usage where step = 0`);
    expect(ledger).toEqual([
      {
        step: 0,
        fence: 1,
        call: 2,
        input_tokens: 10,
        output_tokens: 2,
        estimated: false,
        user_id: spine.principal.userId,
      },
    ]);
    expect(hints).toContainEqual(expect.objectContaining({ kind: "conversation", id }));
    const { version, settingsVersion } = await getConversation(database, spine.principal, id, permitAll);
    expect(settingsVersion).toBe(1);
    expect(version).toBeGreaterThan(2);
  });

  test("a title that a person gave meanwhile stays", async () => {
    let release = (): void => {};
    const written = new Promise<void>((resolve) => (release = resolve));
    sayTitle = () => [{ wait: written }, ...say("Too late")];
    await worker.start();
    const id = await ask("hello there");
    jobs.start();
    await until(async () => titleCalls().length === 1);
    await change(spine.context, spine.principal, { conversationId: id, change: { title: "Mine" } }, permitAll);
    release();
    await noJobs();
    expect(await titleOf(id)).toBe("Mine");
  });

  test("a model that fails or says nothing leaves the words of the question", async () => {
    await worker.start();
    jobs.start();
    sayTitle = () => [{ fail: new NatterError("provider_failed", "no") }];
    const failed = await ask("Plan a trip\nwith two stops");
    await noJobs();
    expect(await titleOf(failed)).toBe("Plan a trip");
    sayTitle = () => say(' "" ');
    const silent = await ask("## Bake bread");
    await noJobs();
    expect(await titleOf(silent)).toBe("Bake bread");
  });

  test("a temporary conversation, one with a title and a deleted one get none", async () => {
    const { context, principal } = spine;
    await worker.start();
    const temporary = await create(context, principal, { temporary: true });
    const named = await create(context, principal, { title: "Named" });
    await ask("hello", temporary.id);
    await ask("hello", named.id);
    expect(await database.query(sql`select 1 from job`)).toEqual([]);
    const gone = await ask("hello");
    await remove(context, principal, gone, permitAll);
    jobs.start();
    await noJobs();
    expect(titleCalls()).toEqual([]);
    await expect(requestTitle(context, principal, temporary.id, permitAll)).rejects.toMatchObject({ code: "conflict" });
  });

  test("a person may ask for another title, which replaces the present one; each call has its own ledger entry", async () => {
    await worker.start();
    jobs.start();
    const id = await ask("What is the weather in Lisbon?");
    await until(async () => (await titleOf(id)) !== null);
    await noJobs();
    sayTitle = () => say("Sun in Portugal");
    await requestTitle(spine.context, spine.principal, id, permitAll);
    await requestTitle(spine.context, spine.principal, id, permitAll);
    await until(async () => (await titleOf(id)) === "Sun in Portugal");
    await noJobs();
    expect(await database.query(sql`select fence from usage where step = 0 order by fence`)).toEqual([
      { fence: 1 },
      { fence: 2 },
    ]);
  });
});
