import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import sql from "sql-template-tag";
import { describe, expect, test } from "vitest";
import { recordEnd } from "../../completions/progress.ts";
import { createId } from "../../foundation/ids.ts";
import { endExecution } from "../../store/background/ending.ts";
import { answerParts, createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { permitAll } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { startExecution } from "../../tools/background/start-execution.ts";
import type { Accepted } from "../sending/accept.ts";
import { removeMessage } from "../messages.ts";
import { regenerate } from "../sending/regenerate.ts";
import { retryToolExecution } from "./change.ts";

const moves = ["send", "branch", "regenerate", "start", "land", "land", "retry", "remove"] as const;
const moveArbitrary = fc.record({ move: fc.constantFrom(...moves), pick: fc.nat(1_000) });
type Move = { readonly move: (typeof moves)[number]; readonly pick: number };

interface KnownMessage {
  readonly id: string;
  readonly parentId: string | null;
  readonly isAnswer: boolean;
  isLive: boolean;
  /** Results at its head: execution and round. */
  readonly carries: readonly string[];
}

interface KnownExecution {
  readonly id: string;
  readonly messageId: string;
  round: number;
  state: "open" | "failed" | "completed";
}

/** A conversation as it should be, told from the moves alone. */
class Model {
  readonly messages = new Map<string, KnownMessage>();
  readonly executions: KnownExecution[] = [];

  above(id: string | null): KnownMessage[] {
    const path: KnownMessage[] = [];
    for (let at = id; at !== null;) {
      const message = this.messages.get(at);
      if (message === undefined) break;
      path.push(message);
      at = message.parentId;
    }
    return path.filter(({ isLive }) => isLive);
  }

  /** What an answer under this message has to carry. */
  owed(parentId: string | null): string[] {
    const path = this.above(parentId);
    const told = new Set(path.flatMap(({ carries }) => carries));
    return this.executions
      .filter(({ messageId, state }) => state !== "open" && path.some(({ id }) => id === messageId))
      .map(({ id, round }) => `${id}.${round}`)
      .filter((result) => !told.has(result));
  }
}

/** Plays moves on the real rows, and keeps the model of them. */
class Play {
  readonly model = new Model();
  readonly #worker: HandWorker;
  #conversationId = "";

  constructor(worker: HandWorker) {
    this.#worker = worker;
  }

  async begin(): Promise<void> {
    const first = await this.#worker.send("root");
    this.#conversationId = first.conversationId;
    await this.#answer(first, 1);
  }

  async move({ move, pick }: Move): Promise<void> {
    const live = [...this.model.messages.values()].filter(({ isLive }) => isLive);
    const message = live[pick % live.length];
    const execution = this.model.executions[pick % this.model.executions.length];
    if (message === undefined || execution === undefined) return;
    switch (move) {
      case "send":
        return this.#send(undefined, 0);
      case "start":
        return this.#send(undefined, 1 + (pick % 2));
      case "branch":
        return this.#send(message.id, 0);
      case "regenerate":
        return this.#regenerate(message);
      case "land":
        return this.#land(execution, pick);
      case "retry":
        return this.#retry(execution);
      case "remove":
        if (pick % 4 === 0) await this.#remove(message);
    }
  }

  get #spine() {
    return this.#worker.spine;
  }

  /** Where the rows have it: which leaf a send goes under is the placement's own matter. */
  async #place(id: string | null): Promise<void> {
    if (id === null || this.model.messages.has(id)) return;
    const [row] = await this.#spine.context.database.query<{ parent_id: string | null }>(
      sql`select parent_id from message where id = ${id} and conversation_id = ${this.#conversationId}`,
    );
    const parentId = row?.parent_id ?? null;
    this.model.messages.set(id, { id, parentId, isAnswer: false, isLive: true, carries: [] });
  }

  async #send(parentId: string | undefined, startsTools: number): Promise<void> {
    const under = parentId === undefined ? {} : { parentId };
    await this.#answer(
      await this.#worker.send("more", { conversationId: this.#conversationId, ...under }),
      startsTools,
    );
  }

  async #answer(accepted: Accepted, startsTools = 0): Promise<void> {
    const { messageId: id, userMessageId: parentId, conversationId } = accepted;
    const { database } = this.#spine.context;
    const claim = await this.#worker.claim(accepted);
    await this.#place(parentId);
    const carries = claim.results.map((result) => result.id);
    deepEqual(carries.toSorted(), this.model.owed(parentId).toSorted());
    this.model.messages.set(id, { id, parentId, isAnswer: true, isLive: true, carries });
    for (let index = 0; index < startsTools; index += 1) {
      const call = { callId: `call-${index}`, tool: "work", input: {} };
      const origin = { conversationId, messageId: id, userId: claim.userId, agent: claim.agent, perUser: 1_000 };
      const started = await startExecution(database, { claim, step: 1, call }, origin);
      this.model.executions.push({ id: started?.execution?.id ?? "", messageId: id, round: 1, state: "open" });
    }
    const parts = [...claim.results, ...answerParts("answer")];
    await recordEnd(database, claim, { event: "finish", finishReason: "stop" }, parts);
  }

  async #regenerate({ id, parentId, isAnswer }: KnownMessage): Promise<void> {
    const question = parentId === null ? undefined : this.model.messages.get(parentId);
    if (!isAnswer || question?.isLive !== true) return;
    const input = { conversationId: this.#conversationId, messageId: id };
    await this.#answer(await regenerate(this.#spine.context, this.#spine.principal, input, permitAll));
  }

  async #land(execution: KnownExecution, pick: number): Promise<void> {
    if (execution.state !== "open") return;
    execution.state = pick % 3 === 0 ? "failed" : "completed";
    const { context, principal } = this.#spine;
    await endExecution(
      context.database,
      { workspaceId: principal.workspaceId, id: execution.id },
      {
        status: execution.state,
        result: { type: "completed", data: pick },
        from: { round: execution.round },
        continueJobId: pick % 2 === 0 ? null : createId(),
      },
    );
  }

  async #retry(execution: KnownExecution): Promise<void> {
    if (execution.state !== "failed") return;
    execution.state = "open";
    execution.round += 1;
    const { context, principal } = this.#spine;
    await retryToolExecution(context, principal, { id: execution.id, perUser: 1_000 }, permitAll);
  }

  async #remove(message: KnownMessage): Promise<void> {
    message.isLive = false;
    const { context, principal } = this.#spine;
    const reference = { conversationId: this.#conversationId, messageId: message.id };
    await removeMessage(context, principal, reference, permitAll);
  }
}

describe.each(testDatabases)("B5 on $name", ({ open }) => {
  test("whatever is branched, answered again, removed and done again: a result is carried exactly once per path", async () => {
    const database = await open();
    const worker = await createHandWorker({ database });
    let carried = 0;
    const play = async (moved: readonly Move[]): Promise<void> => {
      const game = new Play(worker);
      await game.begin();
      for (const move of moved) await game.move(move);
      for (const { id, carries } of game.model.messages.values()) {
        const told = game.model.above(id).flatMap((message) => message.carries);
        expect(told).toHaveLength(new Set(told).size);
        carried += carries.length;
      }
    };
    try {
      await fc.assert(fc.asyncProperty(fc.array(moveArbitrary, { minLength: 15, maxLength: 30 }), play), {
        numRuns: 12,
      });
      // the moves are no idle ones
      expect(carried).toBeGreaterThan(5);
    } finally {
      await worker.spine.close();
      await database.close();
    }
  }, 120_000);
});
