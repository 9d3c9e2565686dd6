import type { Usage } from "../../protocol/agent/model.ts";
import type { ProviderWire } from "./provider-wire.ts";

type Fields = Readonly<Record<string, unknown>>;

const frame = (parts: readonly Fields[], more: Fields = {}, candidate: Fields = {}): string =>
  `data: ${JSON.stringify({
    candidates: [{ content: { parts, role: "model" }, index: 0, ...candidate }],
    modelVersion: "gemini-2.5-flash",
    responseId: "r-1",
    ...more,
  })}\r\n\r\n`;

const usageMetadata = { promptTokenCount: 12, candidatesTokenCount: 4, thoughtsTokenCount: 3, totalTokenCount: 19 };
const counted: Usage = { inputTokens: 12, outputTokens: 7, reasoningTokens: 3 };
const text = (content: string): string => frame([{ text: content }]);
const end = (finishReason: string, content = ""): string =>
  frame([{ text: content }], { usageMetadata }, { finishReason });

/** Gemini's `streamGenerateContent`. */
export const geminiWire: ProviderWire = {
  model: "google/gemini-2.5-flash",
  open: "",
  text,
  close: end("STOP"),
  streams: [
    {
      name: "a thought, then text with multi-byte characters",
      bytes: frame([{ text: "Let me think.", thought: true }]) + text("Grüße") + text(" 😀") + end("STOP", " 日本語"),
      answer: {
        said: [
          ["reasoning", "Let me think."],
          ["text", "Grüße 😀 日本語"],
        ],
        end: "stop",
        usage: counted,
      },
    },
    {
      name: "a call with the signature of a thought",
      bytes:
        frame([{ functionCall: { name: "weather", args: { city: "Köln" } }, thoughtSignature: "c2lnbmVk" }]) +
        end("STOP"),
      answer: {
        said: [],
        calls: [["weather", { city: "Köln" }]],
        metadata: [{ google: { thoughtSignature: "c2lnbmVk" } }],
        end: "tool-calls",
        usage: counted,
      },
    },
    {
      name: "an answer cut off by its length",
      bytes: text("too lo") + end("MAX_TOKENS"),
      answer: { said: [["text", "too lo"]], end: "length", usage: counted },
    },
    {
      name: "an answer that was filtered",
      bytes: text("a") + end("SAFETY"),
      answer: { said: [["text", "a"]], end: "content-filter", usage: counted },
    },
  ],
};
