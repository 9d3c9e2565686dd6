import {
  readSummarised,
  readSummaryOrder,
  storeSummary,
  type PathSummary,
  type SummarisedMessage,
  type SummaryOrder,
} from "../../conversations/summary.ts";
import { NatterError } from "../../foundation/errors.ts";
import { gateText } from "../../foundation/text-gate.ts";
import type { JobHandler } from "../../jobs/job.ts";
import type { Database } from "../../ports/database.ts";
import { demoModel } from "../../providers/demo/demo.ts";
import { askModel } from "../model/ask-model.ts";
import { systemTexts } from "../context/context.ts";
import type { EngineModels } from "../dependencies.ts";
import { summaryCall, tellMessage } from "./summary-call.ts";

export interface SummaryDependencies {
  readonly database: Database;
  readonly models: EngineModels;
}

const patience = 120_000;
/** Messages that are read at a time. */
const pageSize = 100;
/** Characters of a summary, and of the system messages that are kept beside it. */
const longestSummary = 8_000;
const longestInstructions = 20_000;
/** Tokens of messages in one call: a part of the model's context, and not more than a model reads with care. */
const share = 0.4;
const most = 30_000;
const ofUnknownContext = 4_000;
/** One word of a summary for so many tokens of context, within these bounds. */
const tokensPerWord = 40;
const words = { least: 60, most: 400 };

const roomOf = (models: EngineModels, model: string): { tokens: number; words: number } => {
  const { contextTokens } = models.describe(model);
  return {
    tokens: contextTokens === null ? ofUnknownContext : Math.min(most, Math.floor(contextTokens * share)),
    words:
      contextTokens === null
        ? words.most
        : Math.min(words.most, Math.max(words.least, Math.floor(contextTokens / tokensPerWord))),
  };
};

interface Round {
  readonly ids: readonly string[];
  readonly messages: readonly SummarisedMessage[];
  readonly lines: readonly string[];
}

/** As many of the next messages as one call takes, at least one. */
const nextRound = async (
  { database, models }: SummaryDependencies,
  order: SummaryOrder,
  ids: readonly string[],
): Promise<Round> => {
  const page = ids.slice(0, pageSize);
  const messages = await readSummarised(database, order, page);
  const told = messages
    .filter(({ role }) => role !== "system")
    .map((message) => ({ message, line: tellMessage(message) }));
  let tokens = roomOf(models, order.model).tokens;
  const end = told.findIndex(({ line }, index) => (tokens -= models.estimateTokens(line)) < 0 && index > 0);
  if (end === -1) return { ids: page, messages, lines: told.map(({ line }) => line) };
  const next = told[end]?.message.id;
  const cut = page.findIndex((id) => id === next);
  const taken = new Set(page.slice(0, cut));
  return {
    ids: [...taken],
    messages: messages.filter(({ id }) => taken.has(id)),
    lines: told.slice(0, end).map(({ line }) => line),
  };
};

/** Without a model that could: what was said, as far as there is room. */
const quote = (soFar: string | null, lines: readonly string[]): string =>
  [...(soFar === null ? [] : [soFar]), ...lines.map((line) => line.slice(0, 200))].join("\n");

const summarise = async (
  dependencies: SummaryDependencies,
  order: SummaryOrder,
  { lines }: Round,
  signal: AbortSignal,
): Promise<string> => {
  const { model, workspaceId, conversationId, completionId, requestedBy: userId } = order;
  const soFar = order.base?.text ?? null;
  if (lines.length === 0) return soFar ?? "";
  if (model === demoModel.id) return quote(soFar, lines).slice(-longestSummary).toWellFormed();
  const call = summaryCall({ model, soFar, lines, words: roomOf(dependencies.models, model).words });
  const bill = { kind: "summary" as const, workspaceId, completionId, conversationId, userId };
  const said = gateText(await askModel(dependencies, { bill, call, patience }, signal)).trim();
  if (said === "") throw new NatterError("provider_failed", "The model gave no summary.");
  return said.slice(0, longestSummary).toWellFormed();
};

const extend = (base: PathSummary | null, text: string, { messages }: Round): PathSummary => ({
  text,
  instructions: [base?.instructions ?? "", ...systemTexts(messages)]
    .filter((part) => part !== "")
    .join("\n\n")
    .slice(0, longestInstructions)
    .toWellFormed(),
  messages: (base?.messages ?? 0) + messages.filter(({ role }) => role !== "system").length,
});

/**
 * The job `summary`: reads a branch up to a message and stores what stands for it, in rounds that build on one another,
 * from the newest summary that the branch has. Each round is stored, so that nothing is asked twice after a crash.
 */
export const createSummaryHandler =
  (dependencies: SummaryDependencies): JobHandler =>
  async (job, signal) => {
    let order = await readSummaryOrder(dependencies.database, job);
    while (order.ids.length > 0) {
      signal.throwIfAborted();
      const round = await nextRound(dependencies, order, order.ids);
      const summary = extend(order.base, await summarise(dependencies, order, round, signal), round);
      const id = round.ids.at(-1);
      if (id === undefined) return;
      const made = {
        id,
        summary: { ...summary, model: order.model },
        from: round.messages.map((message) => message.id),
      };
      if (!(await storeSummary(dependencies.database, order, made))) return;
      order = { ...order, base: { ...summary, id }, ids: order.ids.slice(round.ids.length) };
    }
  };
