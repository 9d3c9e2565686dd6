import { readCheckpoints, recordCheckpointWrites } from "../../completions/foreign-steps.ts";
import type { CheckpointStore } from "../../protocol/agent/checkpoint.ts";
import type { Decided, FrameworkKit } from "../../protocol/agent/framework-kit.ts";
import type { ToolCall, ToolResult } from "../../protocol/agent/tool.ts";
import type { StoredStep } from "../../protocol/agent/turn.ts";
import { createChunkGate } from "../model/chunk-gate.ts";
import { requireClaim } from "../claim/claim-lost.ts";
import { persist } from "../claim/persist.ts";
import { newRequest, recordCall, type CallQuestion } from "../calls/tool-calls.ts";
import type { TurnOptions } from "../turn.ts";
import { askDecision, decidedOf } from "./ask-decision.ts";
import { Emission } from "./emission.ts";
import { ForeignCalls } from "./foreign-calls.ts";

const createCheckpointStore = (options: TurnOptions, emission: Emission): CheckpointStore => {
  const { dependencies, claim, signal } = options;
  return {
    ...readCheckpoints(dependencies.database, claim),
    save: (checkpoint) => emission.close(checkpoint),
    async saveWrites(namespace, checkpointId, writes) {
      const isHeld = await persist(dependencies, signal, "checkpoint.writes", () =>
        recordCheckpointWrites(dependencies.database, claim, { namespace, checkpointId }, writes),
      );
      requireClaim(isHeld, "a checkpoint");
    },
  };
};

const isSame = (one: CallQuestion, other: CallQuestion): boolean =>
  one.type === "approval"
    ? other.type === "approval" && one.approval.id === other.approval.id
    : other.type === "client" && one.callId === other.callId;

/** Where it is kept that an answer waits for a person, for runners that could not go on otherwise. */
const wait = { namespace: "natter", id: "wait", parentId: null, format: "text", metadata: "" } as const;

/** What a framework does by itself within a turn: shows, calls, asks, and stores where it is. */
export class ForeignWork {
  readonly emission: Emission;
  readonly kit: FrameworkKit;
  /** What it waits for. */
  readonly questions: CallQuestion[] = [];
  readonly #options: TurnOptions;
  readonly #steps: StoredStep[];
  readonly #calls: ForeignCalls;

  constructor(options: TurnOptions, steps: StoredStep[]) {
    const { completion, dependencies } = options;
    const gate = createChunkGate(dependencies.middleware?.chunk, { completion, step: null });
    const calls = new ForeignCalls(options);
    this.#options = options;
    this.#steps = steps;
    this.#calls = calls;
    this.emission = new Emission(options, steps, (chunks) => gate.pass(chunks));
    this.kit = {
      isResumed: options.claim.isTakeOver,
      callModel: (call, signal, sink) => calls.call(call, signal, sink),
      callTool: (call) => this.#callTool(call),
      ask: (call) => this.#ask(call),
      wasAsked: (id) => options.claim.approvals.some(({ callId }) => callId === id),
      report: (usage, model) => calls.report(usage, model),
      checkpoints: createCheckpointStore(options, this.emission),
    };
  }

  /** Whether a model was called, or what others used was told. */
  get hasCalled(): boolean {
    return this.#calls.hasCalled;
  }

  /** Settles the ledger when the runner has ended, or was stopped. */
  async end(): Promise<void> {
    await this.#calls.end(this.emission.hasSaid ? this.#options.recorder.fold.parts : []);
  }

  /** Stores what was said, and that somebody is asked now. */
  park(): Promise<void> {
    return this.kit.checkpoints.save({ ...wait, state: "open" });
  }

  /** Whether the answer waited, and this claim is the first to go on with it. */
  async takeUp(): Promise<boolean> {
    const { checkpoints } = this.kit;
    const isOpen = (await checkpoints.find(wait.namespace, wait.id))?.state === "open";
    if (isOpen) await checkpoints.save({ ...wait, state: "taken" });
    return isOpen;
  }

  async #callTool(call: ToolCall): Promise<ToolResult | null> {
    const end = await recordCall(this.#options, this.#steps.length + 1, this.#named(call));
    if (end.type === "result") return { ...end.result, callId: call.callId };
    this.#wait(end);
    return null;
  }

  async #ask(call: ToolCall): Promise<Decided | null> {
    // the call is stored before the question about it
    await this.emission.close();
    const approval = await askDecision(this.#options, this.#named(call));
    if (approval === "always") return { isAllowed: true, reason: null };
    const decided = decidedOf(approval);
    if (decided === null) this.#wait({ type: "approval", approval });
    return decided;
  }

  #wait(question: CallQuestion): void {
    if (this.questions.some((asked) => isSame(asked, question))) return;
    this.questions.push(question);
    this.emission.tell(newRequest(this.#options, question));
  }

  #named(call: ToolCall): ToolCall {
    return { ...call, callId: this.emission.callIdOf(call.callId) ?? call.callId };
  }
}
