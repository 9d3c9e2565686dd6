import sql from "sql-template-tag";
import type { AgentDefinition } from "../agents/define-agent.ts";
import { decide } from "../completions/approvals/decide.ts";
import { listOpenQuestions } from "../completions/approvals/open-questions.ts";
import { cancel } from "../completions/cancel.ts";
import { getCompletion } from "../completions/read.ts";
import type { Accepted } from "../conversations/sending/accept.ts";
import { getMessage } from "../conversations/messages.ts";
import { send, type SendInput } from "../conversations/sending/send.ts";
import type { EngineDependencies } from "../engine/dependencies.ts";
import type { Worker } from "../engine/worker.ts";
import type { Io } from "../foundation/io.ts";
import type { Database } from "../ports/database.ts";
import type { Approval, Decision } from "../protocol/approval.ts";
import type { Chunk, Part } from "../protocol/message/chunk.ts";
import type { ModelDriver } from "../protocol/agent/model.ts";
import type { Completion } from "../protocol/resources.ts";
import { createScriptedModel, say } from "./providers/scripted-model.ts";
import { createSpine, permitAll, readLog, text, until, type Spine } from "./spine.ts";

/** How a completion ended, as its row, its message and its log tell. */
export interface Answer {
  readonly completion: Completion;
  readonly parts: readonly Part[];
  readonly chunks: readonly Chunk[];
  /** Lines of the ledger, oldest first. */
  readonly usage: readonly UsageLine[];
}

export interface UsageLine {
  readonly model: string;
  readonly input: number;
  readonly output: number;
  readonly estimated: boolean;
  readonly cost: number | null;
}

/** Agents that answer on a spine, with a worker that can be killed in the middle. */
export interface AgentStage {
  readonly spine: Spine;
  ask(words: string, options?: Partial<SendInput>): Promise<Accepted>;
  /** Waits for the ending. */
  ended(sent: Accepted): Promise<Answer>;
  /** The texts that viewers have seen so far. */
  shown(sent: Accepted): Promise<string>;
  cancel(sent: Accepted): Promise<unknown>;
  /** Waits for the open questions of the conversation. */
  asked(sent: Accepted): Promise<readonly Approval[]>;
  decide(approval: Approval, decision: Decision, reason?: string): Promise<unknown>;
  /** Kills the worker: nothing that it does reaches anything any more. Another one finds its lease run out. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

const textsOf = (chunks: readonly Chunk[]): string =>
  chunks.flatMap((chunk) => (chunk.type === "text-delta" ? [chunk.delta] : [])).join("");

const readUsage = (database: Database, completionId: string): Promise<UsageLine[]> =>
  database.query(sql`
    select model, input_tokens as input, output_tokens as output, estimated, cost_micros as cost from usage
    where completion_id = ${completionId} order by fence, step, call`);

interface Mortal {
  readonly worker: Worker;
  kill(): void;
  /** Waits for claims that are under way: what they find would be nobody's. */
  settle(): Promise<unknown>;
}

const startWorker = async (spine: Spine): Promise<Mortal> => {
  let isDead = false;
  const claims = new Set<Promise<unknown>>();
  const io: Io = (label, effect) => {
    if (isDead) return new Promise(() => {});
    const done = effect();
    const claim = done
      .then(
        () => {},
        () => {},
      )
      .finally(() => claims.delete(claim));
    if (label.startsWith("claim.")) claims.add(claim);
    return done;
  };
  const worker = spine.worker({ io, snapshotMilliseconds: 50 });
  await worker.start();
  return {
    worker,
    kill: () => {
      isDead = true;
    },
    settle: () => Promise.allSettled(claims),
  };
};

export const createAgentStage = async (options: {
  readonly database: Database;
  readonly agents: Readonly<Record<string, AgentDefinition>>;
  readonly model?: ModelDriver;
  readonly engine?: Partial<EngineDependencies>;
}): Promise<AgentStage> => {
  const { database, agents, model = createScriptedModel(() => [say("Hello")]), engine = {} } = options;
  const spine = await createSpine({ database, model, agents, engine });
  const { context, principal, log } = spine;
  const workers = [await startWorker(spine)];
  const chunksOf = (sent: Accepted): Promise<{ chunks: Chunk[]; ended: boolean } | null> =>
    readLog(log, sent.completionId).catch(() => null);
  return {
    spine,
    ask: (words, more = {}) => send(context, principal, { ...more, message: { parts: text(words) } }, permitAll),
    async ended(sent) {
      const completion = await until(async () => {
        const read = await getCompletion(database, principal, sent.completionId, permitAll);
        return ["completed", "failed", "cancelled"].includes(read.status) && read;
      }, 30);
      const { parts } = await getMessage(database, principal, sent, permitAll);
      const { chunks } = await until(() => chunksOf(sent).then((read) => read?.ended === true && read));
      return { completion, parts, chunks, usage: await readUsage(database, sent.completionId) };
    },
    shown: async (sent) => textsOf((await chunksOf(sent))?.chunks ?? []),
    cancel: ({ completionId }) => cancel(context, principal, completionId, permitAll),
    asked: ({ conversationId, completionId }) =>
      until(async () => {
        const { status } = await getCompletion(database, principal, completionId, permitAll);
        const { approvals } = await listOpenQuestions(database, principal, conversationId, permitAll);
        return status === "waiting" && approvals;
      }),
    decide: ({ id }, decision, reason) =>
      decide(context, principal, { approvalId: id, decision, reason: reason ?? null }, permitAll),
    async crash() {
      workers.at(-1)?.kill();
      await workers.at(-1)?.settle();
      await database.query(sql`update completion set lease_until = now() - interval '1 s' where status = 'running'`);
      workers.push(await startWorker(spine));
    },
    async close() {
      for (const { worker } of workers) void worker.drain(0);
      await workers.at(-1)?.worker.drain(1);
      for (const { settle } of workers) await settle();
      await spine.close();
    },
  };
};
