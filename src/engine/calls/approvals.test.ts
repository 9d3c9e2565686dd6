import sql from "sql-template-tag";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { cancel } from "../../completions/cancel.ts";
import { listAlwaysAllowed } from "../../completions/approvals/always-allowed.ts";
import { decide, getApproval } from "../../completions/approvals/decide.ts";
import { listOpenQuestions } from "../../completions/approvals/open-questions.ts";
import { revokeAlways } from "../../completions/approvals/revoke.ts";
import { getCompletion } from "../../completions/read.ts";
import { getMessage } from "../../conversations/messages.ts";
import { send } from "../../conversations/sending/send.ts";
import { createMemoryLog } from "../../drivers/log/log-memory.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { Accepted } from "../../conversations/sending/accept.ts";
import type { Decision } from "../../protocol/approval.ts";
import { isToolPart } from "../../protocol/message/fold.ts";
import { readAsAiSdk } from "../../testing/providers/read-as-ai-sdk.ts";
import { callTool, createScriptedModel, say, type ScriptedModel } from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, readLog, text, until, type Spine } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { tool } from "../../tools/tool.ts";
import type { Worker } from "../worker.ts";

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each(testDatabases)("N5 approvals on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let workers: Worker[] = [];
  let model: ScriptedModel;
  let refunds: { orderId: string; cents: number }[] = [];

  const refund = tool({
    inputSchema: z.object({ orderId: z.string(), cents: z.int() }),
    approval: ({ cents }) => cents > 5_000,
    execute: (input) => {
      refunds.push(input);
      return { paid: input.cents };
    },
  });
  const note = tool({ inputSchema: z.object({}), execute: () => "noted" });

  const startWorker = async (): Promise<Worker> => {
    const worker = spine.worker();
    workers.push(worker);
    await worker.start();
    return worker;
  };
  const stopWorkers = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.drain(0)));
    workers = [];
  };
  const ask = (words: string, more: object = {}): Promise<Accepted> =>
    send(spine.context, spine.principal, { ...more, message: { parts: text(words) } }, permitAll);
  const completionOf = ({ completionId }: Accepted) =>
    getCompletion(database, spine.principal, completionId, permitAll);
  const reaches = (accepted: Accepted, status: string) =>
    until(async () => {
      const completion = await completionOf(accepted);
      return completion.status === status ? completion : undefined;
    });
  const openOf = async ({ conversationId }: Accepted) =>
    (await listOpenQuestions(database, spine.principal, conversationId, permitAll)).approvals;
  const answer = (approvalId: string, decision: Decision, reason: string | null = null) =>
    decide(spine.context, spine.principal, { approvalId, decision, reason }, permitAll);
  const messageOf = ({ conversationId, messageId }: Accepted) =>
    getMessage(database, spine.principal, { conversationId, messageId }, permitAll);
  const toolParts = async (accepted: Accepted) => (await messageOf(accepted)).parts.filter((part) => isToolPart(part));

  const agreesWithLog = async (accepted: Accepted): Promise<void> => {
    const { chunks } = await until(async () => {
      const log = await readLog(spine.log, accepted.completionId);
      return log.ended ? log : undefined;
    });
    expect(plain(await readAsAiSdk(chunks))).toEqual(plain((await messageOf(accepted)).parts));
  };

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    refunds = [];
    let calls = 0;
    model = createScriptedModel(({ messages }) => {
      const last = messages.at(-1);
      if (last?.role === "tool") return [say("done")];
      const words = JSON.stringify(last);
      const cents = [...words.matchAll(/refund (\d+)/g)].map(([, amount]) => Number(amount));
      const asked = cents.map((amount) =>
        callTool(`call-${(calls += 1)}`, "refund", { orderId: "o-1", cents: amount }),
      );
      return [...asked, ...(words.includes("note") ? [callTool(`call-${(calls += 1)}`, "note", {})] : [])];
    });
    spine = await createSpine({ database, model, agents: { default: { tools: { refund, note } } } });
  });
  afterEach(async () => {
    await stopWorkers();
    await spine.close();
  });

  it("parks the completion until somebody decides, and goes on from there", async () => {
    const worker = await startWorker();
    const accepted = await ask("refund 8000, note");
    await reaches(accepted, "waiting");
    await until(async () => worker.running === 0);
    const [row] = await database.query(
      sql`select lease_until, worker_id, crashes, fence from completion where id = ${accepted.completionId}`,
    );
    expect(row).toEqual({ lease_until: null, worker_id: null, crashes: 0, fence: 1 });
    expect(refunds).toEqual([]);
    const [asked, noted] = await toolParts(accepted);
    const [question] = await openOf(accepted);
    expect(question).toMatchObject({ tool: "refund", input: { orderId: "o-1", cents: 8_000 }, decision: null });
    expect(asked).toMatchObject({ state: "approval-requested", approval: { id: question?.id } });
    expect(noted).toMatchObject({ state: "output-available", output: "noted" });
    expect((await readLog(spine.log, accepted.completionId)).chunks.map(({ type }) => type)).not.toContain("finish");

    await answer(question?.id ?? "", "once", "fine");
    expect(await reaches(accepted, "completed")).toMatchObject({ crashes: 0 });
    expect(refunds).toEqual([{ orderId: "o-1", cents: 8_000 }]);
    expect((await toolParts(accepted))[0]).toMatchObject({
      state: "output-available",
      output: { paid: 8_000 },
      approval: { id: question?.id, approved: true, reason: "fine" },
    });
    expect(model.calls).toHaveLength(2);
    await agreesWithLog(accepted);
  });

  it("asks nobody where the tool does not want it", async () => {
    await startWorker();
    const accepted = await ask("refund 100");
    await reaches(accepted, "completed");
    expect(refunds).toEqual([{ orderId: "o-1", cents: 100 }]);
    expect((await toolParts(accepted))[0]).not.toHaveProperty("approval");
  });

  it("tells the model why a call was not allowed, and does not run it", async () => {
    await startWorker();
    const accepted = await ask("refund 9000");
    await reaches(accepted, "waiting");
    const [question] = await openOf(accepted);
    await answer(question?.id ?? "", "deny", "too much");
    await reaches(accepted, "completed");
    expect(refunds).toEqual([]);
    expect((await toolParts(accepted))[0]).toMatchObject({
      state: "output-denied",
      approval: { approved: false, reason: "too much" },
    });
    expect(JSON.stringify(model.calls.at(-1)?.messages.at(-1))).toContain("too much");
    await agreesWithLog(accepted);
  });

  it("S31 runs once when it is allowed twenty times in parallel; another word afterwards is refused", async () => {
    await startWorker();
    await startWorker();
    const accepted = await ask("refund 7000");
    await reaches(accepted, "waiting");
    const [question] = await openOf(accepted);
    const id = question?.id ?? "";
    const decisions = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => answer(id, index % 2 === 0 ? "once" : "deny")),
    );
    const kinds = new Set(decisions.flatMap((each) => (each.status === "fulfilled" ? [each.value.decision] : [])));
    expect(kinds.size).toBe(1);
    await reaches(accepted, "completed");
    expect(refunds).toHaveLength(kinds.has("once") ? 1 : 0);
    await expect(answer(id, kinds.has("once") ? "deny" : "once")).rejects.toMatchObject({ code: "conflict" });
    await agreesWithLog(accepted);
  });

  it("is decided after a restart, by another worker; three approvals and five deploys are no crashes", async () => {
    const accepted = await (async () => {
      await startWorker();
      return ask("refund 6000, refund 6001, refund 6002");
    })();
    await reaches(accepted, "waiting");
    const deploys = [0, 1, 2, 3, 4];
    for (const deploy of deploys) {
      await stopWorkers();
      const [next] = await openOf(accepted);
      if (deploy < 3) await answer(next?.id ?? "", "once");
      await startWorker();
      await reaches(accepted, deploy < 2 ? "waiting" : "completed");
      expect(refunds).toHaveLength(Math.min(deploy + 1, 3));
    }
    expect(await completionOf(accepted)).toMatchObject({ status: "completed", crashes: 0 });
    expect(refunds.map(({ cents }) => cents).toSorted((left, right) => left - right)).toEqual([6_000, 6_001, 6_002]);
    expect(model.calls).toHaveLength(2);
    await agreesWithLog(accepted);
  });

  it("S31 never runs a call whose input is not the one that was allowed", async () => {
    await startWorker();
    const accepted = await ask("refund 8000");
    await reaches(accepted, "waiting");
    await stopWorkers();
    await database.query(sql`update completion_step set calls = replace(calls::text, '8000', '9999')::jsonb
      where completion_id = ${accepted.completionId}`);
    const [question] = await openOf(accepted);
    await answer(question?.id ?? "", "once");
    await startWorker();
    await reaches(accepted, "completed");
    expect(refunds).toEqual([]);
    expect((await toolParts(accepted))[0]).toMatchObject({ state: "output-error" });
  });

  it("denies what nobody decides in time, and takes no decision afterwards", async () => {
    await startWorker();
    const accepted = await ask("refund 8000");
    await reaches(accepted, "waiting");
    const [question] = await openOf(accepted);
    await database.query(sql`update approval set expires_at = now() where id = ${question?.id}`);
    await expect(answer(question?.id ?? "", "once")).rejects.toMatchObject({ code: "conflict" });
    await reaches(accepted, "completed");
    expect(refunds).toEqual([]);
    expect((await toolParts(accepted))[0]).toMatchObject({ state: "output-denied" });
    await expect(answer(question?.id ?? "", "once")).rejects.toMatchObject({ code: "conflict" });
  });

  it("N3 S31 is over when the completion is stopped, and when something else goes first", async () => {
    await startWorker();
    const stopped = await ask("refund 8000");
    await reaches(stopped, "waiting");
    const [first] = await openOf(stopped);
    await cancel(spine.context, spine.principal, stopped.completionId, permitAll);
    await expect(answer(first?.id ?? "", "once")).rejects.toMatchObject({ code: "conflict" });
    await reaches(stopped, "cancelled");
    await agreesWithLog(stopped);
    expect((await readLog(spine.log, stopped.completionId)).chunks.slice(-2)).toEqual([
      { type: "abort" },
      { type: "finish", finishReason: "interrupted" },
    ]);
    expect((await toolParts(stopped))[0]).toMatchObject({ state: "output-denied" });

    const { conversationId } = stopped;
    const waiting = await ask("refund 8000", { conversationId });
    await reaches(waiting, "waiting");
    const [second] = await openOf(waiting);
    const next = await ask("note", { conversationId, onBusy: "interrupt" });
    await reaches(next, "completed");
    expect((await completionOf(waiting)).status).toBe("cancelled");
    await expect(answer(second?.id ?? "", "once")).rejects.toMatchObject({ code: "conflict" });
    expect(refunds).toEqual([]);
  });

  it("always: later calls of the tool in this conversation are not asked for, in another they are", async () => {
    await startWorker();
    const first = await ask("refund 8000");
    await reaches(first, "waiting");
    await answer((await openOf(first))[0]?.id ?? "", "always");
    await reaches(first, "completed");
    const { conversationId } = first;
    const again = await ask("refund 8001", { conversationId });
    await reaches(again, "completed");
    expect(refunds.map(({ cents }) => cents)).toEqual([8_000, 8_001]);
    const elsewhere = await ask("refund 8002");
    await reaches(elsewhere, "waiting");
    expect(refunds).toHaveLength(2);
  });

  it("always, taken back: the next call of the tool is asked for again, and nothing else can be taken back", async () => {
    await startWorker();
    const first = await ask("refund 8000");
    await reaches(first, "waiting");
    const allowed = (await openOf(first))[0]?.id ?? "";
    const revoke = (id: string) => revokeAlways(spine.context, spine.principal, id, permitAll);
    await expect(revoke(allowed)).rejects.toMatchObject({ code: "conflict" });
    await answer(allowed, "always");
    await reaches(first, "completed");
    await revoke(allowed);
    await revoke(allowed);
    const { conversationId } = first;
    const again = await ask("refund 8001", { conversationId });
    await reaches(again, "waiting");
    expect(refunds).toHaveLength(1);
    const once = (await openOf(again))[0]?.id ?? "";
    await answer(once, "once");
    await reaches(again, "completed");
    await expect(revoke(once)).rejects.toMatchObject({ code: "conflict" });
    await expect(revoke(createId())).rejects.toMatchObject({ code: "not_found" });
    expect(await getApproval(spine.context, spine.principal, allowed, permitAll)).toMatchObject({
      decision: "always",
      revokedAt: expect.any(String),
    });
  });

  it("always, said to two questions of a tool, is listed once, with the newest, and taken back as a whole", async () => {
    await startWorker();
    const first = await ask("refund 8000, refund 8001");
    await reaches(first, "waiting");
    const { conversationId } = first;
    const listed = async () =>
      (await listAlwaysAllowed(database, spine.principal, conversationId, permitAll)).approvals;
    expect(await listed()).toEqual([]);
    const asked = (await openOf(first)).map(({ id }) => id);
    expect(asked).toHaveLength(2);
    for (const id of asked) await answer(id, "always");
    await reaches(first, "completed");
    expect(await listed()).toMatchObject([{ id: asked[1], tool: "refund", agent: "default", decision: "always" }]);
    await revokeAlways(spine.context, spine.principal, asked[1] ?? "", permitAll);
    expect(await listed()).toEqual([]);
    const again = await ask("refund 8002", { conversationId });
    await reaches(again, "waiting");
    await answer((await openOf(again))[0]?.id ?? "", "always");
    await revokeAlways(spine.context, spine.principal, asked[0] ?? "", permitAll);
    expect(await listed()).toHaveLength(1);
  });

  it("F8 shows a question whose log was lost from the rows, and goes on in a new log", async () => {
    const { log } = spine;
    await startWorker();
    const accepted = await ask("refund 8000, note");
    await reaches(accepted, "waiting");
    await stopWorkers();
    await log.close();
    const fresh = createMemoryLog({ retentionSeconds: 60 });
    const worker = spine.worker({ log: fresh });
    workers.push(worker);
    await worker.start();
    await answer((await openOf(accepted))[0]?.id ?? "", "once");
    await reaches(accepted, "completed");
    const { chunks } = await until(async () => {
      const read = await readLog(fresh, accepted.completionId).catch(() => null);
      return read?.ended === true ? read : undefined;
    });
    expect(plain(await readAsAiSdk(chunks))).toEqual(plain((await messageOf(accepted)).parts));
    await fresh.close();
  });
});
