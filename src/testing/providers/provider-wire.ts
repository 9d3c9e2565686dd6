import type { RecordedStream } from "./recorded-streams.ts";
import { recordedStreams } from "./recorded-streams.ts";
import { deltaFrame, doneFrame, textFrame, usageFrame } from "./scripted-frames.ts";

/** How a provider writes an answer. */
export interface ProviderWire {
  /** Canonical id of the model that is called. */
  readonly model: string;
  /** Before the first text. */
  readonly open: string;
  text(content: string): string;
  /** After the last text: an end that is well. */
  readonly close: string;
  /** What every driver of this wire makes the same of. */
  readonly streams: readonly RecordedStream[];
}

/** Chat Completions, as OpenAI and whoever is compatible write them. */
export const chatWire: ProviderWire = {
  model: "compatible/scripted",
  open: deltaFrame({ role: "assistant", content: "" }),
  text: textFrame,
  close: deltaFrame({}, "stop") + usageFrame({ prompt_tokens: 10, completion_tokens: 5 }) + doneFrame,
  streams: recordedStreams,
};
