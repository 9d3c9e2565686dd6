import type { Io } from "../../foundation/io.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import type { AgentDirectory } from "../../protocol/agent/agent.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { InjectedContext } from "../../protocol/agent/injected-context.ts";
import type { BackgroundJob, BackgroundTool, RunningTool, ToolOutcome } from "../../protocol/agent/tool.ts";
import { awaitResult, beginAttempt, requeueAttempt, requeueOverdue } from "../../store/background/attempts.ts";
import type { EndedFrom } from "../../store/background/ending.ts";
import {
  endedStatuses,
  findExecution,
  listHeldExecutions,
  type ExecutionKey,
  type ExecutionRow,
} from "../../store/background/execution-rows.ts";
import { outcomeOf, outcomeUnknown, tryBody, type BodyEnd } from "../execution.ts";
import { failed } from "../results.ts";
import { createBackgroundJob } from "./background-job.ts";
import { recordResult } from "./record-result.ts";

export interface BackgroundDependencies {
  readonly database: Database;
  readonly agents: AgentDirectory;
  readonly logger: Logger;
  /** What bodies get as `context`. */
  readonly contextOf: (row: ExecutionRow) => Promise<InjectedContext>;
  readonly io: Io;
  /** Runs a conditional write, again while the database can't be reached. */
  readonly persist: <Result>(label: string, write: () => Promise<Result>) => Promise<Result>;
  /** Tells viewers that an execution has changed. */
  readonly tell: (revision: ConversationRevision, executionId: string) => void;
  /** Something may be due. */
  readonly wake: () => void;
  /** Seconds before the second attempt; doubled for each one after. Default 5. */
  readonly backoffSeconds?: number;
  /** Milliseconds between two writes of progress. Default 500. */
  readonly progressMilliseconds?: number;
}

/** A claim of the job that runs an execution. */
export interface ExecutionJob {
  readonly workspaceId: string;
  /** The execution's id. */
  readonly subject: string;
  readonly fence: number;
}

type Again = { readonly againInSeconds: number } | void;

/** Crashes inside a `retrySafe` body after which it is not started again. */
const maxCrashes = 3;
const mostBackoff = 300;

const crashLoop = failed("The server was interrupted three times while this tool ran; it was given up.");

interface Attempt {
  readonly held: ExecutionKey & { readonly fence: number };
  readonly row: ExecutionRow;
  readonly tool: BackgroundTool;
}

/** Runs the bodies of background tools, each under the fence of its job's claim. */
export class BackgroundRuns {
  readonly #dependencies: BackgroundDependencies;
  readonly #running = new Map<string, { readonly held: Attempt["held"]; readonly stopped: AbortController }>();

  constructor(dependencies: BackgroundDependencies) {
    this.#dependencies = dependencies;
  }

  /** Stops the bodies of executions that were ended elsewhere, or that another worker has. */
  async look(): Promise<void> {
    if (this.#running.size === 0) return;
    const runs = [...this.#running.values()];
    const still = await listHeldExecutions(
      this.#dependencies.database,
      runs.map(({ held }) => held),
    );
    const isHeld = ({ held }: (typeof runs)[number]): boolean =>
      still.some(({ id, fence }) => id === held.id && fence === held.fence);
    for (const run of runs) if (!isHeld(run)) run.stopped.abort(new Error("this call was ended"));
  }

  /** Does what is due of an execution. Rejects with the reason of `signal` when its worker goes. */
  async run({ workspaceId, subject, fence }: ExecutionJob, signal: AbortSignal): Promise<Again> {
    const held = { workspaceId, id: subject, fence };
    const row = await findExecution(this.#dependencies.database, held);
    if (row === undefined || endedStatuses.includes(row.status)) return;
    const tool = this.#toolOf(row);
    if (tool === undefined) {
      const gone = failed(`The tool "${row.tool}" is not configured any more.`);
      return this.#finish(held, { outcome: gone, from: { round: row.round }, continues: false });
    }
    const attempt = { held, row, tool };
    if (row.status === "waiting") return this.#lookAtWaiting(attempt);
    if (row.status === "running") return this.#recover(attempt, signal);
    return this.#begin(attempt, signal, false);
  }

  #toolOf({ agent, tool }: ExecutionRow): BackgroundTool | undefined {
    const tools = this.#dependencies.agents.get(agent)?.tools ?? {};
    const found = Object.hasOwn(tools, tool) ? tools[tool] : undefined;
    return found?.kind === "background" ? found : undefined;
  }

  async #lookAtWaiting({ held, row, tool }: Attempt): Promise<Again> {
    if (row.seconds_left !== null && row.seconds_left > 0) return { againInSeconds: row.seconds_left };
    if (row.attempts >= tool.background.attempts) {
      const late = outcomeOf({ type: "late" }, tool);
      return this.#end(held, tool, { outcome: late, from: { round: row.round, overdue: true } });
    }
    const requeued = await requeueOverdue(this.#dependencies.database, held);
    if (requeued === undefined) return;
    this.#dependencies.tell(requeued.revision, held.id);
    return this.#later(row.attempts);
  }

  /** Its worker died in the middle of the body, or went. */
  async #recover(attempt: Attempt, signal: AbortSignal): Promise<Again> {
    const { held, row, tool } = attempt;
    const from = { fence: row.fence };
    if (!tool.retrySafe) return this.#end(held, tool, { outcome: outcomeUnknown, from });
    if (row.crashes + 1 >= maxCrashes) return this.#end(held, tool, { outcome: crashLoop, from });
    return this.#begin(attempt, signal, true);
  }

  async #begin({ held, tool }: Attempt, signal: AbortSignal, crashed: boolean): Promise<Again> {
    const { database, persist, tell } = this.#dependencies;
    const begun = await persist("background.begin", () =>
      beginAttempt(database, held, { timeoutMilliseconds: tool.timeout, crashed }),
    );
    if (begun === undefined) return;
    tell(begun.revision, held.id);
    const attempt = { held, row: begun, tool };
    const end = await this.#work(attempt, signal);
    return end === null ? undefined : this.#settle(attempt, end);
  }

  /** Runs the body. Null: the execution was ended meanwhile. */
  async #work(attempt: Attempt, signal: AbortSignal): Promise<BodyEnd | null> {
    const { held, row, tool } = attempt;
    const stopped = new AbortController();
    const abortSignal = AbortSignal.any([signal, stopped.signal]);
    const { job, progress } = createBackgroundJob(this.#dependencies, held, row, {
      abortSignal,
      lose: () => stopped.abort(new Error("this call was ended")),
    });
    const run = { held, stopped };
    this.#running.set(held.id, run);
    try {
      return await this.#dependencies.io("background.body", () =>
        tryBody(this.#withContext(tool, row), row.input, job),
      );
    } catch (thrown) {
      if (stopped.signal.aborted) return null;
      await this.#handOver(attempt);
      throw thrown;
    } finally {
      if (this.#running.get(held.id) === run) this.#running.delete(held.id);
      await progress.stop();
    }
  }

  /** The body with its `context`, which is made within its time: when that can't be done, it has not run. */
  #withContext(tool: BackgroundTool, row: ExecutionRow): RunningTool<Omit<BackgroundJob, "context">> {
    const { contextOf } = this.#dependencies;
    return { ...tool, execute: async (input, job) => tool.execute(input, { ...job, context: await contextOf(row) }) };
  }

  /** A body that may be started again is, by another worker; of any other nobody knows what it has done. */
  async #handOver({ held, tool }: Attempt): Promise<void> {
    if (tool.retrySafe) await requeueAttempt(this.#dependencies.database, held, { isCounted: false });
  }

  async #settle({ held, row, tool }: Attempt, end: BodyEnd): Promise<Again> {
    const { database, persist, tell, logger } = this.#dependencies;
    if (end.type === "result" && end.outcome.type === "pending") {
      const { note } = end.outcome;
      const waiting = await persist("background.wait", () => awaitResult(database, held, note));
      if (waiting === undefined) return;
      tell(waiting.revision, held.id);
      return { againInSeconds: Math.max(0, waiting.seconds_left) };
    }
    if (end.type !== "result") {
      const fields = {
        ...held,
        tool: row.tool,
        attempt: row.attempts,
        ...(end.type === "thrown" ? { err: end.thrown } : {}),
      };
      logger.error(fields, "a background tool failed");
    }
    if (end.type === "result" || row.attempts >= tool.background.attempts)
      return this.#end(held, tool, { outcome: outcomeOf(end, tool), from: { fence: held.fence } });
    const requeued = await persist("background.requeue", () => requeueAttempt(database, held, { isCounted: true }));
    if (requeued === undefined) return;
    tell(requeued.revision, held.id);
    return this.#later(row.attempts);
  }

  #later(attempts: number): Again {
    const { backoffSeconds = 5 } = this.#dependencies;
    return { againInSeconds: Math.min(backoffSeconds * 2 ** (attempts - 1), mostBackoff) };
  }

  #end(key: ExecutionKey, tool: BackgroundTool, end: { outcome: ToolOutcome; from: EndedFrom }): Promise<Again> {
    return this.#finish(key, { ...end, continues: tool.background.onResult === "continue" });
  }

  async #finish(key: ExecutionKey, end: Parameters<typeof recordResult>[2]): Promise<void> {
    const { database, persist, tell, wake } = this.#dependencies;
    const revision = await persist("background.end", () => recordResult(database, key, end));
    if (revision === undefined) return;
    tell(revision, key.id);
    if (end.continues) wake();
  }
}
