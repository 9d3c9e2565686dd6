import { setImmediate as nextTurn } from "node:timers/promises";
import { z } from "zod";
import type { ModelLayerCall } from "../../protocol/agent/middleware.ts";
import type { ModelEnd, ModelEvent } from "../../protocol/agent/model.ts";

const providerMetadataSchema = z.record(z.string(), z.record(z.string(), z.json()));

const eventSchema = z.object({
  type: z.enum(["text", "reasoning"]),
  id: z.string(),
  delta: z.string(),
  providerMetadata: providerMetadataSchema.optional(),
});

/** What is kept of a whole answer: text and reasoning, nothing else. */
const answerSchema = z.object({ events: z.array(eventSchema), model: z.string().optional() });

export type RecordedAnswer = z.infer<typeof answerSchema>;

/** Null: it was kept by another version, or damaged. */
export const parseAnswer = (stored: unknown): RecordedAnswer | null => answerSchema.safeParse(stored).data ?? null;

const mostCharacters = 262_144;
const charactersAtOnce = 48;

/** Listens to an answer. */
export interface AnswerRecorder {
  readonly sink: ModelLayerCall["sink"];
  /** Null: it is no text that came to its end by itself, or too long. */
  finish(end: ModelEnd): RecordedAnswer | null;
}

export const recordAnswer = (forward: ModelLayerCall["sink"]): AnswerRecorder => {
  const events: z.infer<typeof eventSchema>[] = [];
  let isWhole = true;
  let characters = 0;
  const note = (event: ModelEvent): void => {
    if (event.type !== "text" && event.type !== "reasoning") {
      isWhole = false;
      return;
    }
    characters += event.delta.length;
    const { type, id, delta, providerMetadata } = event;
    const before = events.at(-1);
    const metadata = providerMetadataSchema.safeParse(providerMetadata).data;
    const more = metadata === undefined ? {} : { providerMetadata: metadata };
    if (before?.type === type && before.id === id) Object.assign(before, { delta: before.delta + delta }, more);
    else events.push({ type, id, delta, ...more });
  };
  return {
    sink(batch) {
      if (isWhole && characters <= mostCharacters) batch.forEach(note);
      forward(batch);
    },
    finish({ finishReason, usage, model }) {
      const isSaid = events.some(({ type, delta }) => type === "text" && delta !== "");
      if (!isWhole || !isSaid || characters > mostCharacters || finishReason !== "stop" || usage?.cached === true)
        return null;
      return { events, ...(model === undefined ? {} : { model }) };
    },
  };
};

const piecesOf = (text: string): string[] => {
  const pieces: string[] = [];
  for (let at = 0; at < text.length || pieces.length === 0;) {
    const isSplit = /[\uD800-\uDBFF]/.test(text[at + charactersAtOnce - 1] ?? "");
    const end = at + charactersAtOnce + (isSplit ? 1 : 0);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
};

/** Says an answer again as a stream, at no cost. */
export const replayAnswer = async (
  { events, model }: RecordedAnswer,
  { sink, signal }: Pick<ModelLayerCall, "sink" | "signal">,
): Promise<ModelEnd> => {
  for (const { delta: whole, providerMetadata, ...event } of events) {
    for (const delta of piecesOf(whole)) {
      signal.throwIfAborted();
      sink([{ ...event, delta }]);
      await nextTurn();
    }
    if (providerMetadata !== undefined) sink([{ ...event, delta: "", providerMetadata }]);
  }
  signal.throwIfAborted();
  return {
    finishReason: "stop",
    usage: { inputTokens: 0, outputTokens: 0, cached: true },
    ...(model === undefined ? {} : { model }),
  };
};
