import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { AgentDefinition } from "../../agents/define-agent.ts";
import type { Accepted } from "../../conversations/sending/accept.ts";
import type { Database } from "../../ports/database.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import { isToolPart } from "../../protocol/message/fold.ts";
import type { ModelDriver } from "../../protocol/agent/model.ts";
import type { RunnerCapabilities } from "../../protocol/agent/runner-capabilities.ts";
import type { Runner } from "../../protocol/agent/turn.ts";
import { tool } from "../../tools/tool.ts";
import { createAgentStage, type AgentStage, type Answer } from "../agent-stage.ts";
import { areSameParts, readAsAiSdk } from "../providers/read-as-ai-sdk.ts";
import { createWordModel } from "../providers/word-model.ts";
import { until } from "../spine.ts";
import { testDatabases } from "../databases/test-databases.ts";

/** A runner whose agent follows the word that it is asked: see `createWordModel` for what each means. */
export interface RunnerUnderTest {
  readonly runner: Runner;
  /** How often what answers was stopped from outside: calls aborted, sockets closed. Default: those of the model. */
  readonly stops?: () => number;
  close?(): Promise<void>;
}

export interface RunnerSuite {
  readonly name: string;
  /** What the table of `docs/runners.md` says of it. */
  readonly capabilities: RunnerCapabilities;
  create(): Promise<RunnerUnderTest>;
}

const texts = (parts: readonly Part[]): string => parts.map((part) => (part.type === "text" ? part.text : "")).join("");

const complain = (error: unknown): void => {
  throw error;
};

const toolPart = ({ parts }: Answer, name: string) =>
  parts.filter((part) => isToolPart(part)).find(({ type }) => type === `tool-${name}`);

/** Holds a runner to each cell of its row, on one database. */
export const describeRunner = ({ name, capabilities, create }: RunnerSuite): void => {
  describe.each(testDatabases)(`the runner ${name} on $name`, ({ open }) => {
    let database: Database;
    let stage: AgentStage;
    let tested: RunnerUnderTest;
    let model: ModelDriver & { readonly aborts: number };
    let layers = 0;
    const started: string[] = [];
    const body =
      (result: (input: unknown) => unknown) =>
      async (input: unknown, { callId }: { callId: string }) => {
        started.push(callId);
        return result(input);
      };
    const sum = z.object({ a: z.number(), b: z.number() });
    const tools = {
      add: tool({ inputSchema: sum, execute: body((input) => ({ sum: sum.parse(input).a + sum.parse(input).b })) }),
      pay: tool({
        inputSchema: z.object({ cents: z.number() }),
        approval: true,
        execute: body(() => ({ paid: true })),
      }),
      stick: tool({ inputSchema: z.object({}), execute: body(() => new Promise(() => {})) }),
    };

    beforeAll(async () => {
      [database, tested] = await Promise.all([open(), create()]);
    });
    beforeEach(async () => {
      started.length = 0;
      layers = 0;
      model = createWordModel();
      const agent: AgentDefinition = { tools, runner: tested.runner };
      const count: NonNullable<NonNullable<Parameters<typeof createAgentStage>[0]["engine"]>["middleware"]> = {
        model: (call, core) => {
          layers += 1;
          return core(call);
        },
      };
      stage = await createAgentStage({ database, model, agents: { default: agent }, engine: { middleware: count } });
    });
    afterEach(() => stage.close());
    afterAll(async () => {
      await tested.close?.();
      await database.close();
    });

    const answer = async (word: string): Promise<Answer> => stage.ended(await stage.ask(word));
    const isShown = (sent: Accepted, words: string): Promise<boolean> =>
      until(async () => (await stage.shown(sent)).endsWith(words), 20);

    it("declares what the table says", () => {
      expect(tested.runner.capabilities).toEqual(capabilities);
    });

    it("streams; AI SDK reads the log as what is stored, and nothing that it does not know", async () => {
      const { completion, parts, chunks } = await answer("hello");
      expect(completion).toMatchObject({ status: "completed", error: null });
      expect(texts(parts)).toBe("one two");
      expect(chunks.at(-1)).toMatchObject({ type: "finish", finishReason: "stop" });
      expect(areSameParts(await readAsAiSdk(chunks, complain), parts)).toBe(true);
    });

    it("shows tool calls with their results, in the order of what is said", async () => {
      const told = await answer("call");
      const { completion, parts, chunks } = told;
      expect(completion).toMatchObject({ status: "completed", error: null });
      expect(toolPart(told, "add")).toMatchObject({ state: "output-available", output: { sum: 5 } });
      expect(texts(parts)).toBe("let me see it is 5");
      expect(areSameParts(await readAsAiSdk(chunks, complain), parts)).toBe(true);
    });

    it("F16 is stopped within a second while nothing is said, and what answers is stopped too", async () => {
      const stops = tested.stops ?? (() => model.aborts);
      const before = stops();
      const sent = await stage.ask("hang");
      await isShown(sent, "before");
      await stage.cancel(sent);
      const { completion, parts, chunks } = await stage.ended(sent);
      expect([completion.status, texts(parts)]).toEqual(["cancelled", "before"]);
      expect(chunks.slice(-2).map(({ type }) => type)).toEqual(["abort", "finish"]);
      await until(async () => stops() > before);
    });

    it("D6 fails in words that are safe to show; what was said is kept, and it can be asked again", async () => {
      const failed = await answer("fail");
      expect(failed.completion).toMatchObject({
        status: "failed",
        error: { code: expect.stringMatching(/^provider_/) },
      });
      expect([texts(failed.parts), JSON.stringify(failed).includes("secret")]).toEqual(["half", false]);
      expect((await answer("hello")).completion.status).toBe("completed");
    });

    it(`N1 after a crash: ${capabilities.resume === "none" ? "interrupted, partial kept" : `goes on per ${capabilities.resume}`}`, async () => {
      const sent = await stage.ask("crash");
      await isShown(sent, "second ");
      await stage.crash();
      const { completion, parts } = await stage.ended(sent);
      const isOver = capabilities.resume === "none";
      const interrupted = { status: "failed", error: { code: "interrupted" } };
      expect(completion).toMatchObject(isOver ? interrupted : { status: "completed", error: null });
      expect(texts(parts)).toBe(isOver ? "first second " : "first second third");
    });

    it.skipIf(capabilities.toolsAtMostOnce === "none")(
      "F2 starts a tool of the agent once, also when it is killed inside it",
      async () => {
        const sent = await stage.ask("die");
        await until(async () => started.length > 0);
        await stage.crash();
        const { completion } = await stage.ended(sent);
        expect(started).toHaveLength(1);
        expect(completion.status).toBe(capabilities.resume === "none" ? "failed" : "completed");
      },
    );

    it(`C4 passes ${capabilities.modelMiddleware === "none" ? "no" : "the"} middleware around model calls`, async () => {
      await answer("call");
      expect(layers).toBe(capabilities.modelMiddleware === "none" ? 0 : 2);
    });

    it(`N6 has its usage in the ledger: ${capabilities.usage}`, async () => {
      const { usage, completion } = await answer("hello");
      expect(usage.length).toBeGreaterThan(0);
      expect(usage.every(({ estimated }) => !estimated)).toBe(capabilities.usage !== "estimated");
      expect(completion.usage?.outputTokens).toBeGreaterThan(0);
    });

    it.skipIf(capabilities.approval === "none").each(["once", "deny"] as const)(
      "N5 waits for a person, over a crash, and goes on: %s",
      async (decision) => {
        const sent = await stage.ask("ask");
        const [approval, ...more] = await stage.asked(sent);
        expect([approval?.input, more, started]).toEqual([{ cents: 500 }, [], []]);
        await stage.crash();
        await stage.decide(approval!, decision);
        const told = await stage.ended(sent);
        expect(told.completion).toMatchObject({ status: "completed", error: null });
        expect(toolPart(told, approval!.tool)?.state).toBe(decision === "once" ? "output-available" : "output-denied");
        expect(texts(told.parts)).toBe("done");
      },
    );
  });
};
