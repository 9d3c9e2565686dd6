import type { Claim } from "../completions/claim.ts";
import { settleForeignCall } from "../completions/money/foreign-ledger.ts";
import { openCall } from "../completions/money/ledger.ts";
import type { OpenQuestions } from "../completions/park.ts";
import { recordModelDone } from "../completions/progress.ts";
import type { Agent } from "../protocol/agent/agent.ts";
import type { Part } from "../protocol/message/chunk.ts";
import type { FrameworkKit } from "../protocol/agent/framework-kit.ts";
import { isToolPart, lastStepParts } from "../protocol/message/fold.ts";
import type { InjectedContext } from "../protocol/agent/injected-context.ts";
import type { ModelCall, ModelEnd, ModelMessage, Usage } from "../protocol/agent/model.ts";
import { unknownCapabilities } from "../protocol/agent/runner-capabilities.ts";
import type { Settings } from "../protocol/settings.ts";
import type { ToolCall, ToolResult } from "../protocol/agent/tool.ts";
import type { StoredStep, Turn, TurnCompletion } from "../protocol/agent/turn.ts";
import { requireClaim } from "./claim/claim-lost.ts";
import { estimateCall, estimateParts } from "./context/context.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { ForeignWork } from "./foreign/foreign-work.ts";
import { ModelEventReader } from "./model/model-events.ts";
import type { ClaimObserver, ModelCallObserver } from "./observer.ts";
import { persist } from "./claim/persist.ts";
import type { Recorder } from "./log/record.ts";
import { reserveFor } from "./claim/reservation.ts";
import { shownCalls, streamModel, type ModelStream, type ProviderCall } from "./model/stream-model.ts";
import { executeCall, type CallEnd, type CallQuestion } from "./calls/tool-calls.ts";

const noUsage: Usage = { inputTokens: 0, outputTokens: 0 };

export interface TurnOptions {
  readonly dependencies: EngineDependencies;
  readonly claim: Claim;
  readonly observer: ClaimObserver;
  readonly agent: Agent;
  readonly completion: TurnCompletion;
  /** For instructions and tools. */
  readonly context: InjectedContext;
  readonly instructions: string | undefined;
  readonly messages: readonly ModelMessage[];
  /** The last message to be summarised when these parts are the answer; null: none. */
  readonly summaryDue: (answer: readonly Part[]) => string | null;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
}

/** The turn that a runner drives: every model call and tool call of a claim passes here, with its two checkpoints. */
export class ClaimTurn implements Turn {
  readonly completion: TurnCompletion;
  readonly agent: Agent;
  readonly instructions: string | undefined;
  readonly messages: readonly ModelMessage[];
  readonly settings: Settings;
  readonly steps: StoredStep[];
  /** What the runner does without `model` and `execute`. */
  readonly foreign: ForeignWork;
  /** The step whose model call is under way. */
  openStep: number | null = null;
  /** Whether this claim has called a model. */
  hasCalled = false;
  readonly #options: TurnOptions;
  readonly #usedCallIds: Set<string>;
  readonly #questions: CallQuestion[] = [];

  constructor(options: TurnOptions) {
    const { claim, agent } = options;
    this.#options = options;
    this.completion = options.completion;
    this.agent = agent;
    this.instructions = options.instructions;
    this.messages = options.messages;
    this.settings = { ...agent.settings, ...claim.settings };
    this.steps = [...claim.steps];
    this.foreign = new ForeignWork(options, this.steps);
    const toolParts = claim.steps.flatMap((step) => step.parts.filter(isToolPart));
    this.#usedCallIds = new Set(toolParts.map(({ toolCallId }) => toolCallId));
  }

  get kit(): FrameworkKit {
    return this.foreign.kit;
  }

  /** Whether an earlier claim has begun what this runner can't go on with. */
  async isInterrupted(): Promise<boolean> {
    const { resume } = this.agent.runner.capabilities ?? unknownCapabilities;
    return this.#options.claim.isTakeOver && resume === "none" && !(await this.foreign.takeUp());
  }

  /** The step that is shown and not stored; null: none. */
  get unstoredStep(): number | null {
    const { steps } = this.#options.recorder.fold;
    return steps > this.steps.length ? steps : null;
  }

  /** The last message to be summarised when these parts are the answer; null: none. */
  summaryDue(answer: readonly Part[]): string | null {
    return this.#options.summaryDue(answer);
  }

  async model(call: ModelCall): Promise<ModelEnd & { readonly calls: readonly ToolCall[] }> {
    const { recorder } = this.#options;
    const step = this.steps.length + 1;
    await this.#openLedger(step, call);
    recorder.stage([{ type: recorder.fold.steps >= step ? "reset-step" : "start-step" }]);
    this.openStep = step;
    this.hasCalled = true;
    const reader = new ModelEventReader(this.#usedCallIds);
    const observer = this.#options.observer.beginModel(call, step);
    const provider: ProviderCall = { isAsked: false, end: null };
    const end = await this.#stream({ step, call, reader, provider }, observer);
    const parts = lastStepParts(recorder.fold.parts);
    const calls = shownCalls(parts, reader.calls);
    const usage = end.usage ?? (provider.isAsked ? this.#estimatedUsage(call, parts) : noUsage);
    observer.end({ status: "done", end, usage, parts });
    await recorder.flush();
    const done = { step, parts, calls, end };
    await this.#recordDone(done, usage);
    this.openStep = null;
    this.steps.push({ ...done, results: [] });
    if (calls.length === 0) recorder.stage([{ type: "finish-step" }]);
    return { ...end, calls };
  }

  async execute(calls: readonly ToolCall[]): Promise<{ waiting: boolean; results: readonly ToolResult[] }> {
    const { recorder } = this.#options;
    const isAsked = (step: StoredStep): boolean =>
      step.calls.some(({ callId }) => calls.some((call) => call.callId === callId));
    const at = this.steps.findLastIndex(isAsked);
    const step = this.steps[at];
    if (step === undefined) return { waiting: false, results: [] };
    const ends = await Promise.all(calls.map((call) => this.#endOf(step, call)));
    const results = ends.flatMap((end) => (end.type === "result" ? [end.result] : []));
    const earlier = step.results.filter(({ callId }) => !results.some((result) => result.callId === callId));
    this.steps[at] = { ...step, results: [...earlier, ...results] };
    this.#questions.push(...ends.filter((end) => end.type !== "result"));
    const isDone = earlier.length + results.length === step.calls.length;
    if (isDone && recorder.fold.finishedSteps < step.step) recorder.emit([{ type: "finish-step" }]);
    return { waiting: results.length < calls.length, results };
  }

  get hasQuestions(): boolean {
    return this.#questions.length + this.foreign.questions.length > 0;
  }

  /** What its calls wait for. */
  get questions(): OpenQuestions {
    const questions = [...this.#questions, ...this.foreign.questions];
    return {
      approvalIds: questions.flatMap((end) => (end.type === "approval" ? [end.approval.id] : [])),
      callIds: questions.flatMap((end) => (end.type === "client" ? [end.callId] : [])),
    };
  }

  checkpoint(): Promise<void> {
    return this.foreign.emission.close();
  }

  /** The claim opened the entry of a first step in its own transaction. */
  async #openLedger(step: number, call: ModelCall): Promise<void> {
    const { dependencies, claim, signal } = this.#options;
    if (step === 1 && !claim.isTakeOver) return;
    const { database, models } = dependencies;
    const opening = { step, inputTokens: estimateCall(models, call), ...reserveFor(models, call) };
    await persist(dependencies, signal, "ledger.open", () => openCall(database, claim, opening, models.priceOf));
  }

  async #stream(stream: Omit<ModelStream, "hear">, observer: ModelCallObserver): Promise<ModelEnd> {
    const { signal } = this.#options;
    try {
      return await streamModel(this.#options, { ...stream, hear: () => observer.hear() });
    } catch (thrown) {
      if (!signal.aborted) await this.#settleRefused(stream);
      observer.end(signal.aborted ? { status: "stopped" } : { status: "failed", thrown });
      throw thrown;
    }
  }

  /** A layer ended it: before the provider was asked, which cost nothing, or after it was done, which cost what it says. */
  async #settleRefused({ step, call, provider: { isAsked, end } }: Omit<ModelStream, "hear">): Promise<void> {
    const usage = isAsked ? end?.usage : noUsage;
    if (usage === undefined) return;
    const { dependencies, claim, signal } = this.#options;
    const { database, models } = dependencies;
    const settled = { number: step, model: end?.model ?? call.model, usage };
    await persist(dependencies, signal, "ledger.settle", () =>
      settleForeignCall(database, claim, settled, models.priceOf),
    );
    this.openStep = null;
  }

  #estimatedUsage(call: ModelCall, parts: StoredStep["parts"]): Usage {
    const { models } = this.#options.dependencies;
    return { inputTokens: estimateCall(models, call), outputTokens: estimateParts(models, parts), estimated: true };
  }

  async #recordDone(done: Omit<StoredStep, "results">, usage: Usage): Promise<void> {
    const { dependencies, claim, signal } = this.#options;
    const { database, models } = dependencies;
    const isHeld = await persist(dependencies, signal, "model.done", () =>
      recordModelDone(database, claim, { ...done, usage }, models.priceOf),
    );
    requireClaim(isHeld, "model done");
  }

  async #endOf(step: StoredStep, call: ToolCall): Promise<CallEnd> {
    const result = step.results.find(({ callId }) => callId === call.callId);
    return result === undefined ? executeCall(this.#options, step.step, call) : { type: "result", result };
  }
}
