import { estimateForeign, openForeignCall, settleForeignCall } from "../../completions/money/foreign-ledger.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { ModelCall, ModelEnd, ModelEvent, Usage } from "../../protocol/agent/model.ts";
import { estimateCall, estimateParts } from "../context/context.ts";
import { persist } from "../claim/persist.ts";
import { countMade, reserveFor, type Reserve } from "../claim/reservation.ts";
import { callThroughLayers } from "../model/stream-model.ts";
import type { TurnOptions } from "../turn.ts";

type Sink = (events: readonly ModelEvent[]) => void;

const isSaid = (event: ModelEvent): event is Extract<ModelEvent, { delta: string }> => "delta" in event;

/** The ledger's side of models that a framework calls: those of the registry one by one, its own as it reports them. */
export class ForeignCalls {
  readonly #options: TurnOptions;
  /** Calls and reports that are not in the ledger to the end. */
  readonly #pending = new Set<Promise<unknown>>();
  #count = 0;

  constructor(options: TurnOptions) {
    this.#options = options;
  }

  /** Whether any call is in the ledger. */
  get hasCalled(): boolean {
    return this.#count > 0;
  }

  /** Calls a model of the registry: its entry is opened before, and settled whatever comes of it. */
  call(call: ModelCall, signal: AbortSignal, sink: Sink): Promise<ModelEnd> {
    return this.#track(this.#call(call, signal, sink));
  }

  /** Enters what models of the framework's own have used. */
  report(usage: Usage, model: string | undefined): Promise<void> {
    return this.#track(this.#report(usage, model));
  }

  /** Waits for what is under way, and estimates what nobody counted; when the runner has ended, or was stopped. */
  async end(parts: readonly Part[]): Promise<void> {
    await Promise.allSettled(this.#pending);
    if (this.hasCalled || parts.length === 0) return;
    const { dependencies, messages } = this.#options;
    const call = { model: this.#ownName(), messages, tools: [], settings: {} };
    const inputTokens = estimateCall(dependencies.models, call);
    const outputTokens = estimateParts(dependencies.models, parts);
    await this.#report({ inputTokens, outputTokens, estimated: true }, undefined);
  }

  async #track<Result>(work: Promise<Result>): Promise<Result> {
    this.#pending.add(work);
    try {
      return await work;
    } finally {
      this.#pending.delete(work);
    }
  }

  async #call(call: ModelCall, signal: AbortSignal, sink: Sink): Promise<ModelEnd> {
    const { dependencies, observer } = this.#options;
    const inputTokens = estimateCall(dependencies.models, call);
    const number = await this.#open(call.model, inputTokens, reserveFor(dependencies.models, call));
    const observed = observer.beginModel(call, number);
    let said = "";
    const hear = (events: readonly ModelEvent[]): void => {
      if (said === "") observed.hear();
      said += events
        .filter(isSaid)
        .map(({ delta }) => delta)
        .join("");
      sink(events);
    };
    const parts: readonly Part[] = [];
    const estimate = (): Usage => estimateForeign(inputTokens, [{ type: "text", text: said }]);
    try {
      const end = await callThroughLayers(this.#options, { step: number, call }, signal, hear);
      const usage = end.usage ?? estimate();
      observed.end({ status: "done", end, usage, parts });
      await this.#settle(number, end.model ?? call.model, usage);
      return end;
    } catch (thrown) {
      observed.end(signal.aborted ? { status: "stopped" } : { status: "failed", thrown });
      await this.#settle(number, call.model, estimate());
      throw thrown;
    }
  }

  async #report(usage: Usage, model: string | undefined): Promise<void> {
    const name = model ?? this.#ownName();
    const number = await this.#open(name, usage.inputTokens, countMade(this.#options.dependencies.models));
    await this.#settle(number, name, usage);
  }

  /** The ledger's name of models that a framework keeps to itself: of no provider, so of no price. */
  #ownName(): string {
    const { agent } = this.#options;
    return `${agent.runner.name}/${agent.id}`;
  }

  async #open(model: string, inputTokens: number, reserve: Reserve): Promise<number> {
    const { dependencies, claim, signal } = this.#options;
    const number = (this.#count += 1);
    if (number === 1 && !claim.isTakeOver) return number;
    const { database, models } = dependencies;
    await persist(dependencies, signal.aborted ? AbortSignal.timeout(5_000) : signal, "ledger.open", () =>
      openForeignCall(database, claim, { number, model, inputTokens, ...reserve }, models.priceOf),
    );
    return number;
  }

  async #settle(number: number, model: string, usage: Usage): Promise<void> {
    const { dependencies, claim } = this.#options;
    const { database, models } = dependencies;
    // not the claim's signal: what was stopped is still to be paid for
    await persist(dependencies, AbortSignal.timeout(5_000), "ledger.settle", () =>
      settleForeignCall(database, claim, { number, model, usage }, models.priceOf),
    );
  }
}
