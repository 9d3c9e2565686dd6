import { assistantMessages, userMessages } from "../../agents/model-messages.ts";
import type { BranchMessage } from "../../completions/claim.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { ModelCall, ModelMessage } from "../../protocol/agent/model.ts";
import { summaryNote } from "../../protocol/message/summary-note.ts";
import { tokensPerFile } from "../../providers/catalogue/estimate.ts";
import { measureJson, measureMessage, type Measured } from "../../providers/catalogue/measure-content.ts";
import type { ContextWindow } from "../summary/choose-window.ts";
import type { EngineModels } from "../dependencies.ts";

export type Estimator = Pick<EngineModels, "estimateTokens">;

/** Tokens that a message costs besides its text. */
const messageOverhead = 4;

const tokensOf = (models: Estimator, { text, files }: Measured): number =>
  (text === "" ? 0 : models.estimateTokens(text)) + files * tokensPerFile;

const estimatePart = (models: Estimator, part: Part): number => {
  if (part.type === "text" || part.type === "reasoning") return models.estimateTokens(part.text);
  if (part.type === "file" || part.type === "reasoning-file") return tokensPerFile;
  if (part.type === "step-start") return 0;
  return tokensOf(models, measureJson(part));
};

export const estimateParts = (models: Estimator, parts: readonly Part[]): number =>
  parts.reduce((tokens, part) => tokens + estimatePart(models, part), 0);

const estimateMessage = (models: Estimator, message: BranchMessage): number =>
  messageOverhead + estimateParts(models, message.parts);

/** Tokens that a branch will be as input. */
export const estimateBranch = (models: Estimator, branch: readonly BranchMessage[]): number =>
  branch.reduce((tokens, message) => tokens + estimateMessage(models, message), 0);

/** Tokens that a call will send. */
export const estimateCall = (models: Estimator, call: ModelCall): number => {
  const texts = [call.instructions ?? "", call.tools.length === 0 ? "" : JSON.stringify(call.tools)];
  const fixed = texts.reduce((tokens, text) => tokens + models.estimateTokens(text), 0);
  return call.messages.reduce(
    (tokens, message) =>
      measureMessage(message).reduce((sum, part) => sum + tokensOf(models, part), tokens + messageOverhead),
    fixed,
  );
};

export interface WindowLimits {
  /** Messages, at most. */
  readonly messages: number;
  /** Tokens by estimate, at most; null: not known, so not limited. */
  readonly tokens: number | null;
}

/**
 * The end of a branch that fits: whole messages, so that a call is never cut from its result (both are parts of one
 * answer), beginning with a user message. The last message stays whatever its size; the provider says if it is too long.
 */
export const windowOf = (
  models: Estimator,
  branch: readonly BranchMessage[],
  limits: WindowLimits,
): BranchMessage[] => {
  let tokens = 0;
  let begin = branch.length;
  while (begin > 0 && branch.length - begin < limits.messages) {
    const message = branch[begin - 1];
    if (message === undefined) break;
    tokens += estimateMessage(models, message);
    if (limits.tokens !== null && tokens > limits.tokens && begin < branch.length) break;
    begin -= 1;
  }
  const window = branch.slice(begin);
  const firstUser = window.findIndex(({ role }) => role === "user");
  return firstUser === -1 ? window : window.slice(firstUser);
};

const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("\n");

/** Texts of system messages (an import, an operator), to be folded into the instructions. */
export const systemTexts = (branch: readonly BranchMessage[]): string[] =>
  branch.filter(({ role }) => role === "system").map(({ parts }) => textOf(parts));

/** The messages with a note before them, in the first of them if that is a person's, so that roles go on alternating. */
const withNote = (messages: readonly ModelMessage[], note: string): ModelMessage[] => {
  const part = { type: "text" as const, text: note };
  const [first, ...others] = messages;
  if (first?.role !== "user") return [{ role: "user", content: [part] }, ...messages];
  const own = typeof first.content === "string" ? [{ type: "text" as const, text: first.content }] : first.content;
  return [{ ...first, content: [part, ...own] }, ...others];
};

/** What the model sees of a branch (C5, C7, D7). */
export const createContext = ({
  messages,
  summary,
  isMissing,
}: Pick<ContextWindow, "messages" | "summary" | "isMissing">): ModelMessage[] => {
  const told = messages.flatMap(({ role, parts }) =>
    role === "user" ? userMessages(parts) : assistantMessages(parts),
  );
  return summary === null || summary.text === "" ? told : withNote(told, summaryNote(summary, isMissing));
};
