import {
  createScriptedProvider,
  type ProviderStep,
  type ScriptedProvider,
  type ScriptedRequest,
} from "../../src/testing/providers/scripted-provider.ts";
import { tokensOf, type AnswerPlan } from "./answer-plan.ts";

/** A model call as the provider saw it, and all that it would say. */
export interface ProviderCall {
  /** 1 for the first call that the provider ever got. */
  readonly number: number;
  readonly question: string;
  readonly step: number;
  readonly text: string;
  readonly callIds: readonly string[];
  /** What the provider counts in its usage: another number for each call. */
  readonly outputTokens: number;
  /** The texts of the steps before this one, as the request told them. */
  readonly before: readonly string[];
  /** When each token was said. */
  readonly saidAt: number[];
  /** Whether the last token was said. */
  isTold: boolean;
}

/** Answers each call differently, as the plan in the question says. */
export interface NumberedProvider extends Pick<ScriptedProvider, "baseUrl" | "aborts" | "aborted" | "close"> {
  readonly calls: readonly ProviderCall[];
  callsOf(question: string): ProviderCall[];
}

interface WireMessage {
  readonly role: string;
  readonly content: string | readonly { readonly text?: string }[] | null;
}

const textOf = ({ content }: WireMessage): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text = "" }) => text).join("");

const readRequest = ({ number, body }: ScriptedRequest): { plan: AnswerPlan; call: ProviderCall } => {
  const messages = body["messages"] as readonly WireMessage[];
  const asked = messages.findLastIndex(({ role }) => role === "user");
  const plan = JSON.parse(textOf(messages[asked]!)) as AnswerPlan;
  const before = messages.slice(asked).filter(({ role }) => role === "assistant");
  const step = before.length + 1;
  const tools = step === 1 ? (plan.tools ?? 0) : 0;
  const call: ProviderCall = {
    number,
    question: plan.question,
    step,
    text: tokensOf(number, plan).join(""),
    callIds: Array.from({ length: tools }, (_, index) => `call-${number}-${index}`),
    outputTokens: 1_000 + number,
    before: before.map(textOf),
    saidAt: [],
    isTold: false,
  };
  return { plan, call };
};

const stepsOf = (plan: AnswerPlan, call: ProviderCall): ProviderStep[] => {
  if (plan.hangs === "silent") return [{ wait: new Promise(() => {}) }];
  const said = tokensOf(call.number, plan).flatMap((say): ProviderStep[] => [
    { delay: plan.delay },
    { tell: () => void call.saidAt.push(performance.now()) },
    { say },
  ]);
  const input = JSON.stringify({ milliseconds: plan.toolMilliseconds ?? 0, blocks: plan.toolBlocks ?? false });
  const called = call.callIds.map((id): ProviderStep => ({ call: { id, name: "work", arguments: input } }));
  const told: ProviderStep = { tell: () => void (call.isTold = true) };
  if (plan.hangs === "told") return [...said, told, { hang: true }];
  const usage = { prompt_tokens: 7, completion_tokens: call.outputTokens, total_tokens: 7 + call.outputTokens };
  const finish = called.length > 0 ? "tool_calls" : "stop";
  return [{ reason: `thought ${call.number}` }, ...said, ...called, told, { finish, usage }];
};

export const startNumberedProvider = async (): Promise<NumberedProvider> => {
  const calls: ProviderCall[] = [];
  const provider = await createScriptedProvider((request) => {
    const { plan, call } = readRequest(request);
    calls.push(call);
    return stepsOf(plan, call);
  });
  return {
    baseUrl: provider.baseUrl,
    calls,
    get aborts() {
      return provider.aborts;
    },
    aborted: (count) => provider.aborted(count),
    callsOf: (question) => calls.filter((call) => call.question === question),
    close: () => provider.close(),
  };
};
