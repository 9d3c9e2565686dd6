/** What a model name such as `mock-n500-d20-f20-k1-b16` asks of the mock provider. */
export interface AnswerShape {
  /** `n` */
  readonly tokens: number;
  /** `d`: milliseconds between two events; 0 is as fast as the reader reads. */
  readonly pause: number;
  /** `f`: milliseconds before the first event. */
  readonly delay: number;
  /** `k` */
  readonly tokensPerEvent: number;
  /** `b`, when there is no pause. */
  readonly eventsPerWrite: number;
}

/** An answer as bytes that carry their HTTP chunk framing already; event i is `offsets[i]` to `offsets[i + 1]`. */
export interface AnswerPlan {
  readonly shape: AnswerShape;
  readonly head: Buffer;
  readonly events: Buffer;
  readonly offsets: readonly number[];
  readonly tail: Buffer;
}

export const parseShape = (model: string): AnswerShape => {
  const read = (letter: string, otherwise: number): number =>
    Number(new RegExp(`-${letter}(\\d+)`).exec(model)?.[1] ?? otherwise);
  return {
    tokens: read("n", 100),
    pause: read("d", 0),
    delay: read("f", 0),
    tokensPerEvent: Math.max(1, read("k", 1)),
    eventsPerWrite: Math.max(1, read("b", 1)),
  };
};

/** Tokens `from` up to `to`, each `@number;`, so that a loss, a double or another order shows in any encoding. */
export const tokenText = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `@${from + index};`).join("");

const chunked = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

const frame = (model: string, rest: object): string => {
  const common = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_700_000_000, model };
  return chunked(`data: ${JSON.stringify({ ...common, ...rest })}\n\n`);
};

const choice = (delta: object, reason: string | null): object => ({
  choices: [{ index: 0, delta, finish_reason: reason }],
});

export const usageOf = ({ tokens }: AnswerShape): object => ({
  prompt_tokens: 10,
  completion_tokens: tokens,
  total_tokens: tokens + 10,
});

export const planAnswer = (model: string): AnswerPlan => {
  const shape = parseShape(model);
  const events: Buffer[] = [];
  const offsets = [0];
  for (let from = 0; from < shape.tokens; from += shape.tokensPerEvent) {
    const content = tokenText(from, Math.min(shape.tokens, from + shape.tokensPerEvent));
    const event = Buffer.from(frame(model, choice({ content }, null)));
    events.push(event);
    offsets.push((offsets.at(-1) ?? 0) + event.length);
  }
  const last = [frame(model, choice({}, "stop")), frame(model, { choices: [], usage: usageOf(shape) })];
  return {
    shape,
    head: Buffer.from(frame(model, choice({ role: "assistant", content: "" }, null))),
    events: Buffer.concat(events),
    offsets,
    tail: Buffer.from(`${last.join("")}${chunked("data: [DONE]\n\n")}`),
  };
};
