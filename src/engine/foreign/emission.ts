import { recordForeignSteps, type ForeignStep } from "../../completions/foreign-steps.ts";
import type { Checkpoint } from "../../protocol/agent/checkpoint.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import { isToolPart } from "../../protocol/message/fold.ts";
import type { StoredStep } from "../../protocol/agent/turn.ts";
import { requireClaim } from "../claim/claim-lost.ts";
import { persist } from "../claim/persist.ts";
import type { TurnOptions } from "../turn.ts";
import { ForeignGate } from "./foreign-gate.ts";
import { partsOfStep, stepOfCall } from "./step-parts.ts";

interface Telling {
  readonly told: readonly Chunk[];
}

interface Closing {
  readonly checkpoint: Checkpoint | null;
  readonly done: PromiseWithResolvers<void>;
}

/** What layers of middleware make of chunks that are content. */
export type Pass = (chunks: readonly Chunk[]) => readonly Chunk[];

const isText = ({ type }: Chunk): boolean => /^(text|reasoning)-/.test(type);

/**
 * What a runner shows by itself, as steps: each is stored when it ends, its content in the log before its row, its row
 * before its `finish-step` (promise 4). Whatever comes meanwhile waits.
 */
export class Emission {
  readonly #options: TurnOptions;
  readonly #steps: StoredStep[];
  readonly #gate: ForeignGate;
  readonly #pass: Pass;
  readonly #waiting: (Chunk | Telling | Closing)[] = [];
  /** Steps before the open one whose calls got results since they were stored. */
  readonly #changed = new Set<number>();
  readonly #failed = Promise.withResolvers<never>();
  #failure: { readonly thrown: unknown } | null = null;
  #isClosing = false;
  /** Whether the log's open step is what an earlier claim had shown and not stored. */
  #isStale: boolean;
  #hasSaid = false;

  /** `steps`: those of the turn; what is stored here is added to them. */
  constructor(options: TurnOptions, steps: StoredStep[], pass: Pass) {
    const { parts } = options.recorder.fold;
    this.#options = options;
    this.#steps = steps;
    this.#pass = pass;
    this.#isStale = options.recorder.fold.steps > steps.length;
    this.#gate = new ForeignGate({
      blocks: parts.length,
      calls: steps.flatMap((step) => step.parts.filter(isToolPart).map(({ toolCallId }) => toolCallId)),
      onDropped: (said) => this.#warn(said),
    });
    this.#failed.promise.catch(() => {});
  }

  /** Whether anything was shown by it. */
  get hasSaid(): boolean {
    return this.#hasSaid;
  }

  /** Rejects when a step could not be stored; never resolves. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  readonly emit = (said: readonly Chunk[]): void => {
    if (this.#options.signal.aborted) return;
    this.#waiting.push(...said);
    this.#drain();
  };

  /** Shows what the engine knows, in its turn. */
  tell(told: readonly Chunk[]): void {
    this.#waiting.push({ told });
    this.#drain();
  }

  /** Our id of a call that was shown. */
  callIdOf(id: string): string | undefined {
    return this.#gate.callIdOf(id);
  }

  /** Ends the open step, if there is one, and stores it with a checkpoint of the runner: both or neither. */
  close(checkpoint: Checkpoint | null = null): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ checkpoint, done });
    this.#drain();
    return done.promise;
  }

  #drain(): void {
    while (!this.#isClosing) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if ("done" in next) this.#begin(next.checkpoint, next.done);
      else if ("told" in next) this.#options.recorder.emit(next.told);
      else if (next.type === "finish-step") this.#begin(null, Promise.withResolvers<void>());
      else this.#show(next);
    }
  }

  #begin(checkpoint: Checkpoint | null, done: PromiseWithResolvers<void>): void {
    this.#isClosing = true;
    done.promise.catch((thrown: unknown) => this.#fail(thrown));
    this.#store(checkpoint)
      .then(done.resolve, done.reject)
      .finally(() => {
        this.#isClosing = false;
        this.#drain();
      });
  }

  #show(said: Chunk): void {
    if (said.type === "start-step" || this.#failure !== null) return;
    const chunks = this.#gate.read(said);
    if (chunks.length === 0) return;
    // a result stands in the step of its call
    if (!said.type.startsWith("tool-output-")) this.#open();
    try {
      const passed = this.#pass(chunks);
      for (const chunk of passed) this.#noteResult(chunk);
      this.#options.recorder.emit(passed);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(thrown: unknown): void {
    this.#failure ??= { thrown };
    this.#failed.reject(thrown);
  }

  #open(): void {
    const { recorder } = this.#options;
    this.#hasSaid = true;
    const isStale = this.#isStale && recorder.fold.steps > this.#steps.length;
    if (isStale) recorder.stage([{ type: "reset-step" }]);
    else if (recorder.fold.steps === recorder.fold.finishedSteps) recorder.stage([{ type: "start-step" }]);
    this.#isStale = false;
  }

  /** A result of a call of an earlier step changes what is stored of that step. */
  #noteResult(chunk: Chunk): void {
    if (!chunk.type.startsWith("tool-output-") || !("toolCallId" in chunk)) return;
    const { fold } = this.#options.recorder;
    const step = stepOfCall(fold.parts, chunk.toolCallId);
    if (step < fold.steps) this.#changed.add(step);
  }

  async #store(checkpoint: Checkpoint | null): Promise<void> {
    const { dependencies, claim, recorder, signal } = this.#options;
    if (this.#failure !== null) throw this.#failure.thrown;
    const { fold } = recorder;
    if (this.#isStale && fold.steps > this.#steps.length) this.#open();
    const isOpen = fold.steps > this.#steps.length;
    if (isOpen) recorder.emit(this.#pass(this.#gate.close().filter(isText)));
    await recorder.flush();
    const numbers = [...this.#changed, ...(isOpen ? [fold.steps] : [])];
    const steps = numbers.map((step): ForeignStep => ({ step, parts: partsOfStep(fold.parts, step) }));
    if (steps.length > 0 || checkpoint !== null) {
      const isHeld = await persist(dependencies, signal, "foreign.step", () =>
        recordForeignSteps(dependencies.database, claim, steps, checkpoint),
      );
      requireClaim(isHeld, "a step");
    }
    this.#changed.clear();
    for (const { step, parts } of steps) this.#keep(step, parts);
    if (isOpen) recorder.stage([{ type: "finish-step" }]);
  }

  #keep(step: number, parts: ForeignStep["parts"]): void {
    const before = this.#steps[step - 1];
    this.#steps[step - 1] =
      before === undefined
        ? { step, parts, calls: [], results: [], end: { finishReason: "stop" } }
        : { ...before, parts };
  }

  #warn(said: unknown): void {
    const type = typeof said === "object" && said !== null && "type" in said ? String(said.type).slice(0, 100) : "";
    this.#options.dependencies.logger.warn({ type }, "an agent said something that is no chunk; it is not shown");
  }
}
