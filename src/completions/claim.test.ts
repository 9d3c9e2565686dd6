import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Accepted } from "../conversations/sending/accept.ts";
import { getMessage } from "../conversations/messages.ts";
import { createClaimOptions } from "../engine/claim/claim-options.ts";
import type { Database } from "../ports/database.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { permitAll, text } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { completed } from "../tools/results.ts";
import { recordToolOutcome, recordToolStart } from "../tools/execution.ts";
import { tool } from "../tools/tool.ts";
import { z } from "zod";
import { claimNext, takeOver, type Claim } from "./claim.ts";
import { openCall } from "./money/ledger.ts";
import {
  expireAllLeases,
  listCancelled,
  prolongLeases,
  recordEnd,
  recordHandOver,
  recordModelDone,
  recordSnapshot,
} from "./progress.ts";

const priceOf = () => null;
const usage = { inputTokens: 1, outputTokens: 1 };
const nothing = tool({ inputSchema: z.object({}), execute: () => null });

describe.each(testDatabases)("N1 a claim on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database, agents: { default: { contextMessages: 3 } } });
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const options = (workerId = "another-worker") => createClaimOptions(worker.spine.dependencies({ workerId }));
  const expire = ({ completionId }: Pick<Accepted, "completionId">) =>
    database.query(sql`update completion set lease_until = now() - interval '1 second' where id = ${completionId}`);
  const step = (number: number) => ({
    step: number,
    parts: text("said"),
    calls: [{ callId: `call-${number}`, tool: "add", input: { a: 1 } }],
    end: { finishReason: "tool-calls", usage } as const,
    usage,
  });
  const rowOf = async ({ completionId }: Pick<Accepted, "completionId">) => {
    const [row] = await database.query<Record<string, unknown>>(
      sql`select * from completion where id = ${completionId}`,
    );
    return row;
  };
  const takeOverOf = async (accepted: Accepted): Promise<Claim> => {
    await expire(accepted);
    const claim = await takeOver(database, options());
    if (claim?.completionId !== accepted.completionId) throw new Error("another completion was taken over");
    return claim;
  };

  it("is made once, however many workers try", async () => {
    const accepted = await worker.send("one");
    const key = { workspaceId: accepted.workspaceId, completionId: accepted.completionId };
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => claimNext(database, index % 2 === 0 ? key : undefined, options())),
    );
    expect(claims.filter((claim) => claim !== null)).toMatchObject([{ ...key, fence: 1, crashes: 0 }]);
    await worker.end(
      claims.find((claim) => claim !== null)!,
      "re one",
    );
  });

  it("B2 is of what has been due for longest, one of a conversation at a time", async () => {
    const [first, second] = [await worker.send("one"), await worker.send("two")];
    await worker.send("later", { conversationId: first.conversationId });
    const claims = [];
    for (let time = 0; time < 3; time += 1) claims.push(await claimNext(database, undefined, options()));
    expect(claims.map((claim) => claim?.completionId)).toEqual([first.completionId, second.completionId, undefined]);
    for (const claim of claims.slice(0, 2)) await worker.end(claim!, "re");
  });

  it("C7 sees the branch as far back as the agent does, without what was removed", async () => {
    let accepted = await worker.send("one");
    for (const words of ["two", "three"]) {
      await worker.answer(accepted, "re");
      accepted = await worker.send(words, { conversationId: accepted.conversationId });
    }
    const claim = await worker.claim(accepted);
    const { branch, start } = claim;
    await worker.end(claim, "re three");
    expect(branch).toMatchObject([
      { role: "user", parts: text("two") },
      { role: "assistant" },
      { role: "user", parts: text("three") },
    ]);
    expect(start).toMatchObject({ type: "start", messageId: accepted.messageId, messageMetadata: { sequence: 6 } });
  });

  it("that was taken over can write nothing more", async () => {
    const accepted = await worker.send("one");
    const old = await worker.claim(accepted);
    const current = await takeOverOf(accepted);
    expect(current).toMatchObject({ fence: 2, isTakeOver: true });
    const before = await rowOf(accepted);
    const call = { callId: "call-1", tool: "add", input: {} };
    expect(await recordModelDone(database, old, step(1), priceOf)).toBe(false);
    expect(await recordSnapshot(database, old, 1, text("half"))).toBe(false);
    expect(await recordToolStart(database, { claim: old, step: 1, call }, nothing)).toBe("lost");
    expect(await recordToolOutcome(database, { claim: old, step: 1, call }, completed(1))).toBe(false);
    expect(await recordHandOver(database, old)).toBe(false);
    expect(await recordEnd(database, old, { event: "stop" }, text("half"))).toBeUndefined();
    expect(await rowOf(accepted)).toEqual(before);
    const [counts] = await database.query(sql`
      select (select count(*) from completion_step where completion_id = ${accepted.completionId}) as steps,
        (select count(*) from tool_execution where completion_id = ${accepted.completionId}) as tools`);
    expect(counts).toEqual({ steps: 0, tools: 0 });
    expect(await worker.end(current, "re one")).toBeNull();
  });

  it("that has ended can write nothing more, nor end again", async () => {
    const accepted = await worker.send("one");
    const claim = await worker.claim(accepted);
    await worker.end(claim, "re one");
    const before = await rowOf(accepted);
    expect(await recordModelDone(database, claim, step(1), priceOf)).toBe(false);
    expect(await recordSnapshot(database, claim, 1, text("half"))).toBe(false);
    for (const outcome of [{ event: "stop" }, { event: "finish", finishReason: "stop" }] as const)
      expect(await recordEnd(database, claim, outcome, text("other"))).toBeUndefined();
    expect(await rowOf(accepted)).toEqual(before);
    const reference = { conversationId: accepted.conversationId, messageId: accepted.messageId };
    const message = await getMessage(database, worker.spine.principal, reference, permitAll);
    expect(JSON.stringify(message.parts)).toContain("re one");
  });

  it("may say each of its writes again, and they count once", async () => {
    const accepted = await worker.send("one");
    const claim = await worker.claim(accepted);
    for (let time = 0; time < 2; time += 1) expect(await recordModelDone(database, claim, step(1), priceOf)).toBe(true);
    const call = { callId: "call-1", tool: "add", input: {} };
    for (let time = 0; time < 2; time += 1) {
      expect(await recordToolStart(database, { claim, step: 1, call }, nothing)).toBe("started");
    }
    for (let time = 0; time < 2; time += 1)
      expect(await recordToolOutcome(database, { claim, step: 1, call }, completed(2))).toBe(true);
    const next = await takeOverOf(accepted);
    const { parts, calls, end } = step(1);
    expect(next.steps).toMatchObject([
      { step: 1, parts, calls, end, results: [{ ...calls[0], outcome: completed(2) }] },
    ]);
    expect(next.startedCalls.size).toBe(0);
    await worker.end(next, "re one");
  });

  it("knows at a take-over which calls were started, and keeps results for ever", async () => {
    const accepted = await worker.send("one");
    const claim = await worker.claim(accepted);
    await recordModelDone(
      database,
      claim,
      { ...step(1), calls: ["a", "b", "c"].map((callId) => ({ callId, tool: "add", input: {} })) },
      priceOf,
    );
    const call = (callId: string) => ({ callId, tool: "add", input: {} });
    await recordToolStart(database, { claim, step: 1, call: call("a") }, nothing);
    await recordToolOutcome(database, { claim, step: 1, call: call("a") }, completed("kept"));
    await recordToolStart(database, { claim, step: 1, call: call("b") }, nothing);
    const next = await takeOverOf(accepted);
    expect([...next.startedCalls]).toEqual(["b"]);
    expect(next.steps[0]?.results).toEqual([{ ...call("a"), outcome: completed("kept") }]);
    expect(await recordToolOutcome(database, { claim: next, step: 1, call: call("a") }, completed("other"))).toBe(
      false,
    );
    expect(await recordToolStart(database, { claim: next, step: 1, call: call("a") }, nothing)).toBe("known");
    const last = await takeOverOf(accepted);
    expect(last.steps[0]?.results).toEqual([{ ...call("a"), outcome: completed("kept") }]);
    await worker.end(last, "re one");
  });

  it("counts crashes until a model call is done, and hand-overs not", async () => {
    const accepted = await worker.send("one");
    let claim = await worker.claim(accepted);
    for (const crashes of [1, 2, 3]) {
      claim = await takeOverOf(accepted);
      expect(claim).toMatchObject({ crashes, fence: crashes + 1 });
    }
    await recordModelDone(database, claim, step(1), priceOf);
    await recordHandOver(database, claim);
    claim = await takeOverOf(accepted);
    expect(claim).toMatchObject({ crashes: 0, fence: 5 });
    await recordSnapshot(database, claim, 2, text("half"));
    claim = await takeOverOf(accepted);
    expect(claim).toMatchObject({ crashes: 1, snapshot: { step: 2, fence: 5, parts: text("half") } });
    await worker.end(claim, "re one");
  });

  it("N6 leaves each crashed call what was shown of it, and nothing of another's", async () => {
    const accepted = await worker.send("12345678");
    const first = await worker.claim(accepted);
    await recordSnapshot(database, first, 1, text("12345678"));
    const second = await takeOverOf(accepted);
    await openCall(database, second, { step: 1, inputTokens: 7 }, priceOf);
    const third = await takeOverOf(accepted);
    await openCall(database, third, { step: 1, inputTokens: 8 }, priceOf);
    await worker.end(third, "re one");
    const entries = await database.query(sql`
      select fence, input_tokens as input, output_tokens as output, estimated from usage
      where completion_id = ${accepted.completionId} order by fence`);
    expect(entries).toEqual([
      { fence: 1, input: 6, output: 2, estimated: true },
      { fence: 2, input: 7, output: 0, estimated: true },
      { fence: 3, input: 8, output: 0, estimated: true },
    ]);
  });

  it("is taken over only when its lease has run out", async () => {
    const accepted = await worker.send("one");
    const claim = await worker.claim(accepted);
    expect(await takeOver(database, options())).toBeNull();
    await recordHandOver(database, claim);
    expect(await takeOver(database, options())).toMatchObject({ fence: 2, crashes: 0 });
    await expireAllLeases(database);
    const again = await takeOver(database, options());
    expect(again).toMatchObject({ fence: 3, crashes: 1 });
    await worker.end(again!, "re one");
  });

  it("is prolonged by its own worker alone, which learns of what it lost and of cancels", async () => {
    const [mine, lost, cancelled] = [await worker.send("a"), await worker.send("b"), await worker.send("c")];
    const key = ({ workspaceId, completionId }: Accepted) => ({ workspaceId, completionId });
    const claims = [];
    for (const each of [mine, lost, cancelled]) claims.push(await claimNext(database, key(each), options("me")));
    await expire(lost);
    const taken = await takeOver(database, options("them"));
    await database.query(sql`update completion set cancel_requested_at = now() where id = ${cancelled.completionId}`);
    await expire(mine);
    const ids = [mine, lost, cancelled].map(({ completionId }) => completionId);
    const held = await prolongLeases(database, { workerId: "me", seconds: 60 }, ids);
    expect(held.toSorted((one, other) => ids.indexOf(one.completionId) - ids.indexOf(other.completionId))).toEqual([
      { ...key(mine), fence: 1, isCancelled: false },
      { ...key(cancelled), fence: 1, isCancelled: true },
    ]);
    expect(await takeOver(database, options("them"))).toBeNull();
    expect(await listCancelled(database, "me")).toEqual([key(cancelled)]);
    expect(await listCancelled(database, "them")).toEqual([]);
    for (const claim of [claims[0], taken, claims[2]]) await worker.end(claim!, "re");
  });
});
