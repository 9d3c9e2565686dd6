import sql from "sql-template-tag";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { answerCall } from "../../completions/approvals/answer-call.ts";
import { decide } from "../../completions/approvals/decide.ts";
import { listOpenQuestions } from "../../completions/approvals/open-questions.ts";
import { cancel } from "../../completions/cancel.ts";
import { getCompletion } from "../../completions/read.ts";
import type { Accepted } from "../../conversations/sending/accept.ts";
import { getMessage } from "../../conversations/messages.ts";
import { send } from "../../conversations/sending/send.ts";
import type { Database } from "../../ports/database.ts";
import { isToolPart } from "../../protocol/message/fold.ts";
import type { ClientResult } from "../../protocol/question.ts";
import { callTool, createScriptedModel, say, type ScriptedModel } from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text, until, type Spine } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { tool } from "../../tools/tool.ts";
import type { Worker } from "../worker.ts";

const permits = { own: permitAll, others: permitAll };

describe.each(testDatabases)("N13 client tools on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let worker: Worker;
  let model: ScriptedModel;

  const askName = tool({
    inputSchema: z.object({ question: z.string() }),
    outputSchema: z.object({ name: z.string().min(1) }),
  });
  const readScreen = tool({ inputSchema: z.object({}), outputSchema: z.string(), approval: true });

  const ask = (words: string): Promise<Accepted> =>
    send(spine.context, spine.principal, { message: { parts: text(words) } }, permitAll);
  const reaches = ({ completionId }: Accepted, status: string) =>
    until(async () => {
      const completion = await getCompletion(database, spine.principal, completionId, permitAll);
      return completion.status === status ? completion : undefined;
    });
  const openOf = ({ conversationId }: Accepted) =>
    listOpenQuestions(database, spine.principal, conversationId, permitAll);
  const give = (toolExecutionId: string, result: ClientResult) =>
    answerCall(spine.context, spine.principal, { toolExecutionId, result }, permits);
  const partOf = async ({ conversationId, messageId }: Accepted) => {
    const { parts } = await getMessage(database, spine.principal, { conversationId, messageId }, permitAll);
    return parts.find((part) => isToolPart(part));
  };
  const waiting = async (words: string) => {
    const accepted = await ask(words);
    await reaches(accepted, "waiting");
    const [call] = (await openOf(accepted)).clientCalls;
    return { accepted, id: call?.id ?? "" };
  };

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    model = createScriptedModel(({ messages }) => {
      const last = messages.at(-1);
      if (last?.role === "tool") return [say("done")];
      const isScreen = JSON.stringify(last).includes("screen");
      return isScreen ? [callTool("c", "readScreen", {})] : [callTool("c", "askName", { question: "Who?" })];
    });
    spine = await createSpine({ database, model, agents: { default: { tools: { askName, readScreen } } } });
    worker = spine.worker();
    await worker.start();
  });
  afterEach(async () => {
    await worker.drain(0);
    await spine.close();
  });

  it("waits for one result that fits, and tells it to the model", async () => {
    const { accepted, id } = await waiting("who am I");
    expect((await openOf(accepted)).clientCalls).toMatchObject([
      { id, tool: "askName", callId: "c", input: { question: "Who?" } },
    ]);
    expect(await partOf(accepted)).toMatchObject({ state: "input-available" });
    for (const output of [{ name: "" }, { name: 7 }, null, "Ada"])
      await expect(give(id, { output })).rejects.toMatchObject({ code: "unprocessable" });
    const given = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => give(id, { output: { name: `Ada ${index}` } })),
    );
    expect(given.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const first = given.findIndex(({ status }) => status === "fulfilled");
    await reaches(accepted, "completed");
    expect(await partOf(accepted)).toMatchObject({ state: "output-available", output: { name: `Ada ${first}` } });
    expect(model.calls.at(-1)?.messages.at(-1)).toMatchObject({
      content: [{ output: { type: "json", value: { name: `Ada ${first}` } } }],
    });
    await expect(give(id, { output: { name: "Eve" } })).rejects.toMatchObject({ code: "conflict" });
    expect((await openOf(accepted)).clientCalls).toEqual([]);
  });

  it("takes word of a failure as well", async () => {
    const { accepted, id } = await waiting("who am I");
    await give(id, { errorText: "The person closed the form." });
    await reaches(accepted, "completed");
    expect(await partOf(accepted)).toMatchObject({ state: "output-error", errorText: "The person closed the form." });
  });

  it("asks for an approval first where the tool wants one", async () => {
    const accepted = await ask("read my screen");
    await reaches(accepted, "waiting");
    const { approvals, clientCalls } = await openOf(accepted);
    expect(clientCalls).toEqual([]);
    const approvalId = approvals[0]?.id ?? "";
    await decide(spine.context, spine.principal, { approvalId, decision: "once", reason: null }, permitAll);
    const id = await until(async () => (await openOf(accepted)).clientCalls[0]?.id);
    await give(id, { output: "a screen" });
    await reaches(accepted, "completed");
    expect(await partOf(accepted)).toMatchObject({ output: "a screen", approval: { id: approvalId, approved: true } });
  });

  it("fails when nobody gives a result in time, and takes none when its completion was stopped", async () => {
    const late = await waiting("who am I");
    await database.query(sql`update tool_execution set expires_at = now() where id = ${late.id}`);
    await expect(give(late.id, { output: { name: "Ada" } })).rejects.toMatchObject({ code: "conflict" });
    await reaches(late.accepted, "completed");
    expect(await partOf(late.accepted)).toMatchObject({ errorText: "Nobody gave a result in time." });
    const stopped = await waiting("who am I");
    await cancel(spine.context, spine.principal, stopped.accepted.completionId, permitAll);
    await expect(give(stopped.id, { output: { name: "Ada" } })).rejects.toMatchObject({ code: "conflict" });
    await reaches(stopped.accepted, "cancelled");
    expect(await partOf(stopped.accepted)).toMatchObject({ state: "output-error", errorText: "Stopped." });
  });
});
