import type { ModelEvent } from "../../protocol/agent/model.ts";
import { describeModel } from "../catalogue/catalogue.ts";
import { splitModelId } from "../catalogue/model-id.ts";
import { readOpenAIModel } from "../openai/openai-models.ts";

type Sink = (events: readonly ModelEvent[]) => void;

/** Models that reason may be silent for many times longer before they say anything. */
const reasoningFactor = 10;

/** Watches a provider that may fall silent. */
export interface StallTimer {
  /** Begins to watch; calls `onStall` once, with the seconds that nothing was heard for. */
  start(onStall: (seconds: number) => void): void;
  /** It sent something. Costs a clock reading, no new timer. */
  heard(): void;
  /** The sink of the answer; what passes it, besides reasoning, ends the patience with a model that reasons. */
  listen(sink: Sink): Sink;
  stop(): void;
}

const isSaid = ({ type }: ModelEvent): boolean => type !== "reasoning";

const thinking = /(^|[^a-z])(r1|qwq|magistral|reasoner|reasoning|think(ing|er)?)([^a-z]|$)/i;

/** Whether a model reasons before it answers, as far as the catalogue or its name tells. */
export const thinks = (model: string): boolean => {
  const { modelId } = splitModelId(model);
  return describeModel(model).reasoning || readOpenAIModel(modelId).isReasoning || thinking.test(modelId);
};

/**
 * A timer for one call: `stallSeconds` without a byte are too many, ten times as many while a model that reasons has not
 * begun its answer.
 */
export const createStallTimer = (model: string, stallSeconds: number): StallTimer => {
  let seconds = thinks(model) ? stallSeconds * reasoningFactor : stallSeconds;
  let heardAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let check = (): void => {};
  const arm = (): void => {
    clearTimeout(timer);
    timer = setTimeout(check, Math.max(1, heardAt + seconds * 1000 - performance.now()));
  };
  return {
    start(onStall) {
      heardAt = performance.now();
      check = () => {
        if (heardAt + seconds * 1000 - performance.now() < 1) onStall(seconds);
        else arm();
      };
      arm();
    },
    heard() {
      heardAt = performance.now();
    },
    listen: (sink) => (events) => {
      if (seconds !== stallSeconds && events.some(isSaid)) {
        seconds = stallSeconds;
        if (timer !== undefined) arm();
      }
      sink(events);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
};
