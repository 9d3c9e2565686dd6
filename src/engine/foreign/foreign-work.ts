import { readCheckpoints, recordCheckpointWrites } from "../../completions/foreign-steps.ts";
import type { CheckpointStore } from "../../protocol/checkpoint.ts";
import type { FrameworkKit } from "../../protocol/framework-kit.ts";
import type { StoredStep } from "../../protocol/turn.ts";
import { requireClaim } from "../claim-lost.ts";
import { persist } from "../persist.ts";
import { recordCall } from "../tool-calls.ts";
import { createChunkGate } from "../chunk-gate.ts";
import type { TurnOptions } from "../turn.ts";
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

/** What a framework does by itself within a turn: shows, calls, and stores where it is. */
export class ForeignWork {
  readonly emission: Emission;
  readonly kit: FrameworkKit;
  readonly #options: TurnOptions;
  readonly #calls: ForeignCalls;

  constructor(options: TurnOptions, steps: StoredStep[]) {
    const { completion, dependencies } = options;
    const gate = createChunkGate(dependencies.middleware?.chunk, { completion, step: null });
    const calls = new ForeignCalls(options);
    this.#options = options;
    this.#calls = calls;
    this.emission = new Emission(options, steps, (chunks) => gate.pass(chunks));
    this.kit = {
      isResumed: options.claim.isTakeOver,
      callModel: (call, signal, sink) => calls.call(call, signal, sink),
      callTool: (call) => recordCall(options, steps.length + 1, call),
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
}
