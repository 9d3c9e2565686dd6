import type { ModelCall } from "../../protocol/agent/model.ts";
import { providerError } from "../../providers/errors.ts";
import { callTool, createScriptedModel, say, type ModelScript, type ScriptedModel } from "./scripted-model.ts";

const wordOf = ({ messages }: ModelCall): string => {
  const content = messages.findLast(({ role }) => role === "user")?.content ?? "";
  return typeof content === "string"
    ? content
    : content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
};

/** Results since the last question. */
const resultsIn = ({ messages }: ModelCall): number =>
  messages.slice(messages.findLastIndex(({ role }) => role === "user")).filter(({ role }) => role === "tool").length;

/**
 * A model that follows the word that it is asked. `hello`: says it; `call`: adds with a tool; `hang`: falls silent;
 * `fail`: fails in the middle; `crash`: speaks, calls, speaks and hangs the first time; `die`: calls a tool that never
 * ends; `ask`: calls a tool that a person has to approve.
 */
export const createWordModel = (): ScriptedModel => {
  let hung = 0;
  const script: ModelScript = (call, number) => {
    const results = resultsIn(call);
    const id = `call-${number}`;
    switch (wordOf(call)) {
      case "hello":
        return [say("one ", "two")];
      case "call":
        return results > 0 ? [say("it is 5")] : [say("let me see "), callTool(id, "add", { a: 2, b: 3 })];
      case "hang":
        return [say("before"), { hang: true }];
      case "fail":
        return [say("half"), { fail: providerError("provider_failed", new Error("secret detail")) }];
      case "crash":
        if (results === 0) return [say("first "), callTool(id, "add", { a: 2, b: 3 })];
        hung += 1;
        return hung === 1 ? [say("second "), { hang: true }] : [say("second "), say("third")];
      case "die":
        return results > 0 ? [say("done")] : [callTool(id, "stick", {})];
      default:
        return results > 0 ? [say("done")] : [callTool(id, "pay", { cents: 500 })];
    }
  };
  return createScriptedModel(script);
};
