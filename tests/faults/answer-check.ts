import type { Part } from "../../src/protocol/message/chunk.ts";
import { isToolPart } from "../../src/protocol/message/fold.ts";
import type { Completion, Message } from "../../src/protocol/resources.ts";
import { areSameParts, readAsAiSdk } from "../../src/testing/providers/read-as-ai-sdk.ts";
import { stepsOf } from "./answer-plan.ts";
import type { NumberedProvider, ProviderCall } from "./numbered-provider.ts";
import type { Question } from "./question.ts";
import { askUntilAnswered } from "./request.ts";

/** A completion and its message, as the server tells them. */
export interface StoredAnswer {
  readonly completion: Completion;
  readonly parts: readonly Part[];
}

/** Asks a server for what it answered. */
export const readStoredAnswer = async (
  url: () => string,
  token: string,
  { viewers: [sender] }: Question,
): Promise<StoredAnswer> => {
  const completionId = sender?.completionId;
  const { body: completion } = await askUntilAnswered<Completion>(() => `${url()}/v1/completions/${completionId}`, {
    token,
  });
  const { conversationId, messageId } = completion;
  const { body: message } = await askUntilAnswered<Message>(
    () => `${url()}/v1/conversations/${conversationId}/messages/${messageId}`,
    { token },
  );
  return { completion, parts: message.parts };
};

/** The parts of each step. */
export const splitSteps = (parts: readonly Part[]): Part[][] => {
  const steps: Part[][] = [];
  for (const part of parts) {
    if (part.type === "step-start") steps.push([]);
    else steps.at(-1)?.push(part);
  }
  return steps;
};

export const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");

const callIdsOf = (parts: readonly Part[]): string[] => parts.filter(isToolPart).map(({ toolCallId }) => toolCallId);

/** The provider's call that a stored step is, word for word; undefined when it is none, or parts of several. */
export const findCall = (
  calls: readonly ProviderCall[],
  step: number,
  parts: readonly Part[],
): ProviderCall | undefined =>
  calls.find(
    (call) => call.step === step && call.text === textOf(parts) && call.callIds.join() === callIdsOf(parts).join(),
  );

/** What is wrong with a completed answer: every step must be one call, whole, and the next step must have been told it. */
export const tornSteps = ({ plan }: Question, { parts }: StoredAnswer, provider: NumberedProvider): string[] => {
  const calls = provider.callsOf(plan.question);
  const steps = splitSteps(parts);
  const failures = steps.length === stepsOf(plan) ? [] : [`${steps.length} steps instead of ${stepsOf(plan)}`];
  const before: string[] = [];
  for (const [index, step] of steps.entries()) {
    const call = findCall(calls, index + 1, step);
    if (call === undefined) failures.push(`step ${index + 1} is no answer of the provider: ${JSON.stringify(step)}`);
    for (const later of calls.filter((other) => other.step === index + 1))
      if (later.before.join() !== before.join()) failures.push(`call ${later.number} was told other steps`);
    for (const { toolCallId, state } of step.filter(isToolPart))
      if (!state.startsWith("output-")) failures.push(`${toolCallId} has no result`);
    before.push(textOf(step));
  }
  return failures.map((failure) => `${plan.question}: ${failure}`);
};

/** What each viewer saw must be what is stored, as AI SDK's own reader sees it. */
export const differingViewers = async ({ plan, viewers }: Question, { parts }: StoredAnswer): Promise<string[]> => {
  const failures: string[] = [];
  for (const [index, { chunks }] of viewers.entries()) {
    if (!areSameParts(await readAsAiSdk(chunks), parts))
      failures.push(
        `${plan.question}: viewer ${index + 1} saw ${JSON.stringify(chunks)}, stored is ${JSON.stringify(parts)}`,
      );
    const endings = chunks.filter(({ type }) => type === "finish" || type === "error").length;
    const last = chunks.at(-1)?.type;
    if (endings !== 1 || (last !== "finish" && last !== "error"))
      failures.push(`${plan.question}: viewer ${index + 1} saw ${endings} endings, and ${last} last`);
  }
  return failures;
};
