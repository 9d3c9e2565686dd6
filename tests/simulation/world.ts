import sql from "sql-template-tag";
import { z } from "zod";
import { inspect } from "node:util";
import { cancel } from "../../src/completions/cancel.ts";
import { claimNext, takeOver, type Claim } from "../../src/completions/claim.ts";
import type { BudgetPolicy } from "../../src/completions/money/budgets.ts";
import type { Accepted } from "../../src/conversations/sending/accept.ts";
import { send } from "../../src/conversations/sending/send.ts";
import { createClaimOptions } from "../../src/engine/claim/claim-options.ts";
import { LogCloser } from "../../src/engine/log/close-logs.ts";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import type { FlushClock } from "../../src/engine/log/flush-clock.ts";
import { Run } from "../../src/engine/run.ts";
import type { Io } from "../../src/foundation/io.ts";
import { silentLogger } from "../../src/foundation/logger.ts";
import type { ChunkLog } from "../../src/ports/chunk-log.ts";
import type { Database } from "../../src/ports/database.ts";
import type { ModelCall, ModelDriver, ModelEvent } from "../../src/protocol/agent/model.ts";
import { createSpine, permitAll, text, type Spine } from "../../src/testing/spine.ts";
import { tool } from "../../src/tools/tool.ts";
import { Gate } from "./gate.ts";
import { answerOne, askingCalls, askingTools } from "./questions.ts";

/** A model call that began, and what it would have said. */
export interface ModelCallRecord {
  readonly completionId: string;
  readonly step: number;
  readonly fence: number;
  readonly answer: string;
  /** The claim was made after the same step's *model done* had been committed. */
  readonly isForbidden: boolean;
}

export interface World {
  readonly spine: Spine;
  readonly gate: Gate;
  readonly accepted: readonly Accepted[];
  readonly modelCalls: ModelCallRecord[];
  readonly toolStarts: string[];
  /** Brings a worker to life that claims, takes over and sweeps until it dies. */
  spawn(): void;
  /** Every lease runs out: crashed workers are found, living ones are taken for dead. */
  expire(): Promise<void>;
  cancel(index: number): Promise<void>;
  /** Somebody answers a question, if one is open. */
  answer(index: number): Promise<void>;
  /** Bodies that run only when somebody has allowed them. */
  readonly allowedStarts: { readonly completionId: string; readonly callId: string; readonly input: unknown }[];
  isOver(): Promise<boolean>;
  /** The grace time of the sweep passes. */
  age(): Promise<void>;
}

/** Only wrap other effects: the model's deltas and the tool's body pass the gate by themselves. */
const wrappers: ReadonlySet<string> = new Set(["model.call", "tool.body"]);

/** Writes at the next microtask: what waits at the gate decides when, not a timer. */
const immediateClock: FlushClock = {
  windowMilliseconds: 0,
  now: () => 0,
  soon: queueMicrotask,
  atWindow: queueMicrotask,
};

interface Worker {
  readonly name: string;
  readonly io: Io;
  claim: Claim | null;
}

export interface WorldOptions {
  readonly database: Database;
  readonly wrapLog?: (log: ChunkLog) => ChunkLog;
  readonly budgets?: BudgetPolicy;
  /** Whether tools ask persons and clients as well. */
  readonly asks?: boolean;
  /** Messages that are sent at once, each into a conversation of its own; absent: two into one. */
  readonly atOnce?: number;
}

export const createWorld = async ({
  database,
  budgets,
  atOnce,
  asks = false,
  wrapLog = (log) => log,
}: WorldOptions): Promise<World> => {
  const gate = new Gate();
  const modelCalls: ModelCallRecord[] = [];
  const toolStarts: string[] = [];
  const allowedStarts: World["allowedStarts"] = [];
  const done = new Map<string, number>();
  let clock = 0;
  const claimedAt = new Map<Claim, number>();

  const modelOf = (worker: Worker): ModelDriver => ({
    async stream(call, signal, sink) {
      const claim = worker.claim;
      if (claim === null) throw new Error("a model was called without a claim");
      const step = stepOf(call);
      const doneAt = done.get(`${claim.completionId} ${step}`) ?? Number.POSITIVE_INFINITY;
      const answer = `call ${modelCalls.length} of step ${step}.`;
      const isForbidden = doneAt < (claimedAt.get(claim) ?? 0);
      modelCalls.push({ completionId: claim.completionId, step, fence: claim.fence, answer, isForbidden });
      const say = async (event: ModelEvent): Promise<void> => {
        await worker.io("model.event", async () => {});
        signal.throwIfAborted();
        sink([event]);
      };
      for (const delta of [answer.slice(0, 6), answer.slice(6)]) await say({ type: "text", id: "t", delta });
      if (step === 1 && asksForTools(call)) {
        await say({ type: "tool-call", callId: "a", tool: "count", input: { n: 1 } });
        await say({ type: "tool-call", callId: "b", tool: "count", input: { n: 2 } });
        for (const asking of asks ? askingCalls : []) await say(asking);
      }
      const isCalling = step === 1 && asksForTools(call);
      return { finishReason: isCalling ? "tool-calls" : "stop", usage: { inputTokens: 10, outputTokens: 5 } };
    },
  });

  const count = tool({
    inputSchema: z.object({ n: z.number() }),
    execute: async ({ n }, { completionId, callId }) => {
      toolStarts.push(`${completionId} ${callId}`);
      return n;
    },
  });

  const asking = askingTools((completionId, callId, input) => {
    toolStarts.push(`${completionId} ${callId}`);
    allowedStarts.push({ completionId, callId, input });
  });

  const spine = await createSpine({
    database,
    model: { stream: () => Promise.reject(new Error("no worker")) },
    agents: { default: { tools: { count, ...(asks ? asking : {}) } } },
  });
  const log = wrapLog(spine.log);
  const sendAlone = (): Promise<Accepted> =>
    send(
      spine.context,
      spine.principal,
      { message: { parts: text("use tools") }, settings: { maxOutputTokens: 3 } },
      permitAll,
    );
  const accepted = [await sendAlone()];
  for (let more = 1; more < (atOnce ?? 1); more += 1) accepted.push(await sendAlone());
  if (atOnce === undefined)
    accepted.push(
      await send(
        spine.context,
        spine.principal,
        { conversationId: accepted[0]!.conversationId, message: { parts: text("again") } },
        permitAll,
      ),
    );

  const dependenciesOf = (worker: Worker): EngineDependencies => {
    const logger = {
      ...silentLogger,
      error: (fields: object, message: string) =>
        void gate.trace.push(`${worker.name}: ${message}: ${inspect(fields)}`),
    };
    const base = spine.dependencies({
      logger,
      log,
      io: worker.io,
      flushClock: immediateClock,
      workerId: worker.name,
      leaseSeconds: 3600,
      snapshotMilliseconds: 86_400_000,
    });
    return { ...base, models: { ...base.models, budgets, driver: () => modelOf(worker) } };
  };

  const live = async (worker: Worker): Promise<void> => {
    const dependencies = dependenciesOf(worker);
    const options = createClaimOptions(dependencies);
    const closer = new LogCloser(dependencies);
    while (!gate.isDead(worker.name)) {
      const claim =
        (await worker.io("take-over", () => takeOver(database, options))) ??
        (await worker.io("claim", () => claimNext(database, undefined, options)));
      if (claim === null) {
        await closer.sweep();
        await closer.flush();
        continue;
      }
      worker.claim = claim;
      claimedAt.set(claim, (clock += 1));
      await new Run(dependencies, closer, claim).done;
    }
  };

  const noting =
    (io: Io, worker: () => Worker): Io =>
    async (label, effect) => {
      if (label !== "model.done") return io(label, effect);
      const step = modelCalls.findLast(({ completionId }) => completionId === worker().claim?.completionId)?.step;
      const claim = worker().claim;
      return io(label, async () => {
        const result = await effect();
        if (result === true && claim !== null) done.set(`${claim.completionId} ${step}`, (clock += 1));
        return result;
      });
    };

  let workers = 0;
  return {
    spine,
    gate,
    accepted,
    modelCalls,
    toolStarts,
    allowedStarts,
    async answer(index) {
      if (await answerOne(spine, accepted, index)) gate.trace.push("somebody answers a question");
    },
    spawn() {
      const name = `worker-${(workers += 1)}`;
      const worker: Worker = { name, claim: null, io: noting(gate.ioOf(name, wrappers), () => worker) };
      live(worker).catch((thrown: unknown) => gate.trace.push(`${name} broke: ${String(thrown)}`));
    },
    async expire() {
      gate.trace.push("all leases run out");
      await database.query(
        sql`update completion set lease_until = now() - interval '1 second' where status = 'running'`,
      );
    },
    async cancel(index) {
      gate.trace.push("somebody cancels");
      const target = accepted[index % accepted.length]!;
      await cancel(spine.context, spine.principal, target.completionId, permitAll);
    },
    async isOver() {
      const [row] = await database.query<{ left: number }>(
        sql`select count(*) as left from completion where workspace_id = ${spine.principal.workspaceId}
          and (status in ('queued', 'running', 'waiting') or not log_closed)`,
      );
      return row?.left === 0;
    },
    async age() {
      await database.query(
        sql`update completion set finished_at = finished_at - interval '5 seconds' where not log_closed`,
      );
    },
  };
};

const stepOf = (call: ModelCall): number => {
  const lastUser = call.messages.findLastIndex(({ role }) => role === "user");
  return call.messages.slice(lastUser).filter(({ role }) => role === "assistant").length + 1;
};

const asksForTools = (call: ModelCall): boolean =>
  JSON.stringify(call.messages.findLast(({ role }) => role === "user")).includes("tools");
