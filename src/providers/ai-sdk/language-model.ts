import type { ModelCall, ModelDriver, ModelEnd, ModelEvent } from "../../protocol/agent/model.ts";
import { createCallIds } from "../call-ids.ts";
import { providerError } from "../errors.ts";
import { createEventBatch, type EventBatch } from "../exchange/event-batch.ts";
import { callOptions } from "./language-model-call.ts";
import { PartReader } from "./language-model-reader.ts";
import type { LanguageModelV4 } from "./language-model-v4.ts";
import { splitModelId } from "../catalogue/model-id.ts";
import { errorFromSdk } from "./sdk-errors.ts";
import { createStallTimer } from "../exchange/stall-timer.ts";

export interface LanguageModelOptions {
  /** Seconds without a part until a call fails as `provider_timeout`; a model that reasons has ten times as many to begin. */
  readonly stallSeconds: number;
}

/** Users may name any model: more instances than this are not kept. */
const maxInstances = 200;

/** Instances by model id: making one for each call costs a third of the call. */
const cached = (create: (modelId: string) => LanguageModelV4): ((modelId: string) => LanguageModelV4) => {
  const instances = new Map<string, LanguageModelV4>();
  return (modelId) => {
    const known = instances.get(modelId);
    if (known !== undefined) return known;
    const instance = create(modelId);
    if (instances.size >= maxInstances) instances.clear();
    instances.set(modelId, instance);
    return instance;
  };
};

/** One call under way: interrupted once, by an abort, a stall, or a sink that throws. */
class Answer {
  readonly #controller = new AbortController();
  readonly #interrupted = Promise.withResolvers<never>();
  readonly #batch: EventBatch;
  #isFlushDue = false;

  constructor(sink: (events: readonly ModelEvent[]) => void) {
    this.#batch = createEventBatch(sink);
  }

  readonly interrupt = (reason: unknown): void => {
    this.#controller.abort(reason);
    this.#interrupted.reject(reason);
  };

  /** The end of the model's stream, or what interrupted it, whichever is first. */
  end(call: ModelCall, modelOf: () => LanguageModelV4, hear: () => void): Promise<ModelEnd> {
    const read = this.#read(call, modelOf, hear).catch((thrown: unknown) => {
      throw errorFromSdk(thrown);
    });
    return Promise.race([this.#interrupted.promise, read]);
  }

  async #read(call: ModelCall, modelOf: () => LanguageModelV4, hear: () => void): Promise<ModelEnd> {
    const { signal } = this.#controller;
    const model = modelOf();
    const parts = new PartReader(this.#batch, createCallIds(call.messages));
    const { stream } = await model.doStream(await callOptions(call, model, signal));
    const reader = stream.getReader();
    const cancel = (): void => {
      // a stream that failed cannot be cancelled any more, and its failure is told already
      reader.cancel(signal.reason).catch(() => {});
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      while (!signal.aborted) {
        const { done, value } = await reader.read();
        if (done) return parts.end();
        hear();
        parts.read(value);
        this.#flushSoon();
      }
      return parts.end();
    } finally {
      this.#flush();
      cancel();
    }
  }

  /** Parts that came in one turn of the event loop go to the sink together. */
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    process.nextTick(this.#flush);
  }

  readonly #flush = (): void => {
    this.#isFlushDue = false;
    if (this.#controller.signal.aborted) return;
    try {
      this.#batch.flush();
    } catch (thrown) {
      this.interrupt(thrown);
    }
  };
}

/**
 * A driver for any model of AI SDK 7, by way of its `doStream`. `modelOf` makes the model of an id (without the
 * provider's); it is kept and used again.
 * @example createLanguageModelDriver((id) => openai(id), { stallSeconds: 30 })
 */
export const createLanguageModelDriver = (
  modelOf: (modelId: string) => LanguageModelV4,
  { stallSeconds }: LanguageModelOptions,
): ModelDriver => {
  const instanceOf = cached(modelOf);
  return {
    async stream(call, signal, sink) {
      signal.throwIfAborted();
      const stall = createStallTimer(call.model, stallSeconds);
      const answer = new Answer(stall.listen(sink));
      const abort = (): void => answer.interrupt(signal.reason);
      stall.start((seconds) => {
        answer.interrupt(providerError("provider_timeout", new Error(`nothing for ${seconds} s`)));
      });
      signal.addEventListener("abort", abort, { once: true });
      try {
        const model = (): LanguageModelV4 => instanceOf(splitModelId(call.model).modelId);
        return await answer.end(call, model, () => stall.heard());
      } finally {
        stall.stop();
        signal.removeEventListener("abort", abort);
      }
    },
  };
};
