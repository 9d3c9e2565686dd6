import { fromIterable, type Runner } from "natter";

/** Answers about stock by rules, without any model: it looks up what the question names, and says it. */
export const stockRunner = (): Runner =>
  fromIterable(
    async function* ({ messages, kit, completion }) {
      const question = JSON.stringify(messages.at(-1)?.content ?? "");
      const [article] = /\b[A-Z]{2}-\d{2}\b/.exec(question) ?? [];
      if (article === undefined) {
        yield "Name an article, like AB-12.";
        return;
      }
      const call = { callId: `stock-${completion.id}`, tool: "stock", input: { article } };
      yield { type: "tool-input-available", toolCallId: call.callId, toolName: call.tool, input: call.input };
      const result = await kit.callTool(call);
      const pieces = result?.outcome.type === "completed" ? Number(result.outcome.data) : 0;
      yield { type: "tool-output-available", toolCallId: call.callId, output: pieces };
      yield { type: "finish-step" };
      yield `There are ${pieces} `;
      yield `of ${article}.`;
      await kit.report({ inputTokens: 0, outputTokens: 0 });
    },
    { name: "stock", capabilities: { usage: "reported", approval: "none" } },
  );
