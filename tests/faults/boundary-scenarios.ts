import { setTimeout as sleep } from "node:timers/promises";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import { NatterError } from "../../src/foundation/errors.ts";
import type { Part } from "../../src/protocol/message/chunk.ts";
import { callTool, type ModelScript, say } from "../../src/testing/providers/scripted-model.ts";
import type { Boundary, Fate } from "./mortal-io.ts";

/** One way through the engine. */
export interface Scenario {
  readonly name: string;
  readonly script: ModelScript;
  readonly engine?: Partial<EngineDependencies>;
  /** What is sent; default: a few words. */
  readonly parts?: readonly Part[];
  /** Where the worker before the one that is looked at dies; absent: the first worker is looked at. */
  readonly deathBefore?: Boundary & { readonly fate: Fate };
  /** What is done when the model was called for the first time, or when the first worker has died. */
  readonly act?: "cancel" | "drain" | "cancel the dead";
  /** The message is sent before there is a worker. */
  readonly isSentFirst?: boolean;
  /** Somebody answers the questions that its tools ask, one by one, each as soon as it is open. */
  readonly isAnswered?: true;
  /** How it ends; default: cancelled where somebody cancels it, else completed. */
  readonly end?: "failed";
}

/** The texts that a call of this number says. */
export const textsOf = (number: number): string[] => [`answer ${number} `, "begins, ", "and ends."];

const asksTools: ModelScript = (call, number) => {
  const isAnswered = call.messages.at(-1)?.role === "tool";
  const said = say(...textsOf(number)).flatMap((step) => [step, { wait: sleep(5) }]);
  return isAnswered ? said : [said, callTool(`a-${number}`, "note", {}), callTool(`b-${number}`, "note", {})];
};

const leavesTools: ModelScript = (call, number) =>
  call.messages.at(-1)?.role === "tool"
    ? [say(...textsOf(number))]
    : [say(...textsOf(number)), callTool(`a-${number}`, "later", {}), callTool(`b-${number}`, "later", {})];

const asksPersons: ModelScript = (call, number) => {
  const isAnswered = call.messages.at(-1)?.role === "tool";
  const said = say(...textsOf(number));
  if (isAnswered) return said;
  const calls = ["pay", "pay", "look"].map((tool, index) => callTool(`${"abc"[index]}-${number}`, tool, {}));
  return [said, callTool(`d-${number}`, "note", {}), ...calls];
};

const isSlow: ModelScript = (_call, number) =>
  say(...textsOf(number)).flatMap((step, index) => [step, { wait: sleep((number === 1 ? 80 : 5) * (index + 1)) }]);

const hangs: ModelScript = (_call, number) => [say(...textsOf(number)), { hang: true }];

const hangsFirst: ModelScript = (call, number) => (number === 1 ? hangs(call, number) : [say(...textsOf(number))]);

const refusesWhatWasSaid: EngineDependencies["middleware"] = {
  async model(call, ask) {
    await ask(call);
    throw new NatterError("guardrail_blocked", "This answer was refused.");
  },
};

const textFile: Part = { type: "file", mediaType: "text/plain", url: `data:text/plain;base64,${btoa("some words")}` };

export const scenarios: readonly Scenario[] = [
  { name: "two tools", script: asksTools },
  { name: "two background tools", script: leavesTools },
  { name: "two approvals and a client's tool", script: asksPersons, isAnswered: true },
  {
    name: "a take-over in the middle of what was allowed",
    script: asksPersons,
    isAnswered: true,
    deathBefore: { label: "completion.park", occurrence: 1, fate: "die after" },
  },
  { name: "a file", script: (_call, number) => [say(...textsOf(number))], parts: [textFile] },
  { name: "a slow answer", script: isSlow, isSentFirst: true, engine: { leaseSeconds: 0.3, snapshotMilliseconds: 40 } },
  { name: "a cancel", script: hangs, act: "cancel" },
  {
    name: "a cancel that finds nobody alive",
    script: hangs,
    act: "cancel the dead",
    deathBefore: { label: "model.call", occurrence: 1, fate: "die before" },
  },
  { name: "a hand-over", script: hangsFirst, act: "drain" },
  {
    name: "a take-over in the first step",
    script: asksTools,
    deathBefore: { label: "model.done", occurrence: 1, fate: "die before" },
  },
  {
    name: "a take-over between two tools",
    script: asksTools,
    deathBefore: { label: "tool.result", occurrence: 1, fate: "die after" },
  },
  {
    name: "a refusal by middleware",
    script: (_call, number) => [say(...textsOf(number))],
    engine: { middleware: refusesWhatWasSaid },
    end: "failed",
  },
  {
    name: "a log without its ending",
    script: asksTools,
    deathBefore: { label: "completion.end", occurrence: 1, fate: "die after" },
  },
];
