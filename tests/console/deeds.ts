import fc from "fast-check";
import { z } from "zod";
import { callTool, createScriptedModel, say } from "../../src/testing/providers/scripted-model.ts";
import { readStream, tokenFor, type Web } from "../../src/testing/servers/web.ts";
import { createId } from "../../src/foundation/ids.ts";
import { completed, pending } from "../../src/tools/results.ts";
import { tool } from "../../src/tools/tool.ts";

const kinds = [
  "ask",
  "look",
  "report",
  "refund",
  "fail",
  "hang",
  "cancel",
  "share",
  "delete",
  "forget",
  "key",
] as const;

/** What people do, one after the other, and which of them does it. */
export const deeds = fc.array(fc.record({ kind: fc.constantFrom(...kinds), who: fc.nat({ max: 2 }) }), {
  minLength: 12,
  maxLength: 16,
});

type Deed = typeof deeds extends fc.Arbitrary<(infer One)[]> ? One : never;

const inputSchema = z.object({ at: z.string() });

export const deedTools = {
  look: tool({ description: "Looks", inputSchema, execute: () => completed({ seen: true }) }),
  report: tool({ description: "Reports", inputSchema, background: {}, execute: () => completed({ done: true }) }),
  refund: tool({ description: "Refunds", inputSchema, approval: true, execute: () => pending("later") }),
};

/** Does what the question says. */
export const createDeedModel = () =>
  createScriptedModel(({ messages }) => {
    const last = messages.at(-1);
    const text = JSON.stringify(last?.content ?? "");
    if (last?.role === "tool")
      return [say("done"), { end: { finishReason: "stop", usage: { inputTokens: 31, outputTokens: 7 } } }];
    for (const name of Object.keys(deedTools))
      if (text.includes(name)) return [callTool(createId(), name, { at: "home" })];
    if (text.includes("fail")) return [say("so"), { fail: new Error("the model is gone") }];
    return text.includes("hang") ? [say("so"), { hang: true }] : [say("one ", "two ", "three")];
  });

/** Does them as members of a workspace, through the API. */
export const doDeeds = async (web: Web, workspace: string, list: readonly Deed[]): Promise<void> => {
  const roles = ["admin", "member", "member"] as const;
  const tokens = await Promise.all(
    roles.map((role, index) => tokenFor({ subject: `${workspace}-${index}`, workspace, role })),
  );
  const conversations: { id: string; who: number }[] = [];
  const begin = async (token: string, who: number, text: string): Promise<string> => {
    const made = (await (await web.ask("/v1/conversations", { token, body: {} })).json()) as { id: string };
    conversations.push({ id: made.id, who });
    const path = `/v1/conversations/${made.id}/completions`;
    const started = await web.ask(path, { token, body: { message: { text } } });
    return ((await started.json()) as { completionId: string }).completionId;
  };
  const asked = async (token: string, text: string, conversationId?: string): Promise<void> => {
    const answer = await web.ask("/v1/chat", { token, body: { message: { text }, conversationId } });
    await readStream(answer);
  };
  for (const { kind, who } of list) {
    const token = tokens[who] ?? "";
    const own = conversations.find((one) => one.who === who);
    if (kind === "hang") await begin(token, who, "hang");
    else if (kind === "refund") await begin(token, who, "refund");
    else if (kind === "cancel")
      await web.ask(`/v1/completions/${await begin(token, who, "hang")}/cancel`, { method: "POST", token });
    else if (kind === "key") await web.ask("/v1/api-keys", { token, body: { name: "CI" } });
    else if (kind === "share" && own !== undefined)
      await web.ask(`/v1/conversations/${own.id}`, { method: "PATCH", token, body: { visibility: "workspace" } });
    else if (kind === "delete" && own !== undefined) {
      await web.ask(`/v1/conversations/${own.id}`, { method: "DELETE", token });
      conversations.splice(conversations.indexOf(own), 1);
    } else if (kind === "forget") {
      const body = { temporary: true };
      const made = (await (await web.ask("/v1/conversations", { token, body })).json()) as { id: string };
      await asked(token, "hello", made.id);
    } else await asked(token, kind);
  }
};
