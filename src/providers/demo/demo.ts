import type { FinishReason } from "../../protocol/message/chunk.ts";
import type { ModelCall, ModelDriver, ModelEvent, ModelInfo } from "../../protocol/agent/model.ts";
import { demoScript, type DemoAct } from "./demo-script.ts";
import { providerError } from "../errors.ts";
import { estimateCallTokens } from "../catalogue/estimate.ts";
import { sleep as realSleep, type Sleep } from "../guards/sleep.ts";

export interface DemoOptions {
  /** Milliseconds a word. Default 15; 0: as fast as it is read. */
  readonly pace?: number;
  readonly sleep?: Sleep;
}

/** The demo model as a selector shows it. */
export const demoModel: ModelInfo = {
  id: "natter/demo",
  name: "Demo (not an AI)",
  contextTokens: null,
  maxOutputTokens: null,
  tools: true,
  reasoning: true,
  images: true,
  files: ["*/*"],
};

/** Words in a batch when nobody wants to watch them come. */
const batchWords = 64;
/** Characters of a tool's input that come at once. */
const pieceCharacters = 12;

interface Performance {
  readonly call: ModelCall;
  readonly signal: AbortSignal;
  readonly sink: (events: readonly ModelEvent[]) => void;
  readonly pace: number;
  readonly sleep: Sleep;
  words: number;
  calls: number;
}

const wordsOf = (text: string): string[] => text.match(/\s*\S+\s*/g) ?? [];

/** Says a text word by word; false when `maxOutputTokens` ended it. */
const speak = async (show: Performance, text: string, event: (delta: string) => ModelEvent): Promise<boolean> => {
  const { signal, pace, sleep, sink, call } = show;
  const size = pace === 0 ? batchWords : 1;
  const words = wordsOf(text);
  for (let at = 0; at < words.length; at += size) {
    const left = (call.settings.maxOutputTokens ?? Number.POSITIVE_INFINITY) - show.words;
    const said = words.slice(at, at + Math.min(size, left));
    if (said.length === 0) return false;
    await sleep(pace, signal);
    signal.throwIfAborted();
    show.words += said.length;
    sink([event(said.join(""))]);
  }
  return true;
};

/** The input comes in pieces, as a model's does. */
const ask = async (show: Performance, tool: string, input: unknown): Promise<void> => {
  const { call, signal, sleep, pace, sink } = show;
  const earlier = call.messages.filter(({ role }) => role === "assistant").length;
  show.calls += 1;
  const callId = `demo_${earlier}_${show.calls}`;
  const text = JSON.stringify(input);
  const size = pace === 0 ? text.length : pieceCharacters;
  for (let at = 0; at < text.length; at += size) {
    if (at > 0) await sleep(pace, signal);
    signal.throwIfAborted();
    sink([{ type: "tool-input", callId, tool, delta: text.slice(at, at + size) }]);
  }
  sink([{ type: "tool-call", callId, tool, input }]);
};

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });

/** Does one thing; false: the answer is as long as it may be. */
const perform = async (show: Performance, act: DemoAct, index: number): Promise<boolean> => {
  if ("say" in act) return speak(show, act.say, (delta) => ({ type: "text", id: `text-${index}`, delta }));
  if ("reason" in act)
    return speak(show, act.reason, (delta) => ({ type: "reasoning", id: `reasoning-${index}`, delta }));
  if ("call" in act) await ask(show, act.call, act.input);
  else if ("hang" in act) await untilAborted(show.signal);
  else throw providerError("provider_failed", new Error("the demo model was asked to fail"));
  return true;
};

/**
 * `natter/demo`: a scripted model that answers in this process, the same each time, and is no AI. `/help` lists the words
 * that it knows; each shows something that Natter can do. Its usage is exact: a token is a word.
 */
export const createDemoDriver = ({ pace = 15, sleep = realSleep }: DemoOptions = {}): ModelDriver => ({
  async stream(call, signal, sink) {
    signal.throwIfAborted();
    const script = demoScript(call);
    const show: Performance = { call, signal, sink, pace: script.pace ?? pace, sleep, words: 0, calls: 0 };
    let finishReason: FinishReason = "stop";
    for (const [index, act] of script.acts.entries()) {
      if (await perform(show, act, index)) continue;
      finishReason = "length";
      break;
    }
    if (show.calls > 0 && finishReason === "stop") finishReason = "tool-calls";
    return { finishReason, usage: { inputTokens: estimateCallTokens(call), outputTokens: show.words + show.calls } };
  },
});
