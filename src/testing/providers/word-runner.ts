import { fromIterable, type Said } from "../../agents/from-iterable.ts";
import { assistantMessages } from "../../agents/model-messages.ts";
import { describeTools } from "../../agents/tool-loop.ts";
import { isAnsweredPart, isToolPart } from "../../protocol/message/fold.ts";
import type { ModelEvent, ModelMessage } from "../../protocol/agent/model.ts";
import type { ToolCall, ToolResult } from "../../protocol/agent/tool.ts";
import type { Runner, Turn } from "../../protocol/agent/turn.ts";
import { answeredParts, resultChunk } from "../../tools/answered-parts.ts";

type CallEvent = Extract<ModelEvent, { type: "tool-call" }>;

const openCalls = (turn: Turn): ToolCall[] =>
  turn.steps
    .flatMap(({ parts }) => parts.filter(isToolPart))
    .filter((part) => !isAnsweredPart(part))
    .map(({ toolCallId, type, input }) => ({ callId: toolCallId, tool: type.slice("tool-".length), input }));

const said = (event: ModelEvent): Said[] => {
  if (event.type === "text") return [event.delta];
  if (event.type !== "tool-call") return [];
  const { callId: toolCallId, tool: toolName, input } = event;
  return [{ type: "tool-input-available", toolCallId, toolName, input }];
};

/** A loop of one's own: it calls a model of the registry and the agent's tools, and shows both itself. */
export const wordRunner = (): Runner =>
  fromIterable(
    async function* (turn, signal) {
      for (;;) {
        const results: ToolResult[] = [];
        for (const call of openCalls(turn)) {
          const result = await turn.kit.callTool(call);
          if (result === null) return "waiting";
          results.push(result);
          yield resultChunk(result);
        }
        const soFar: ModelMessage[] = turn.steps.flatMap(({ parts }) =>
          assistantMessages(answeredParts(parts, results)),
        );
        const events: ModelEvent[] = [];
        const wake = { heard: Promise.withResolvers<void>() };
        const call = {
          model: turn.completion.model,
          messages: [...turn.messages, ...soFar],
          tools: describeTools(turn.agent),
          settings: turn.settings,
        };
        let isEnded = false;
        const ended = turn.kit
          .callModel(call, signal, (heard) => {
            events.push(...heard);
            wake.heard.resolve();
          })
          .finally(() => {
            isEnded = true;
            wake.heard.resolve();
          });
        ended.catch(() => {});
        const calls: CallEvent[] = [];
        while (!isEnded || events.length > 0) {
          const event = events.shift();
          if (event === undefined) {
            await wake.heard.promise;
            wake.heard = Promise.withResolvers<void>();
          } else {
            if (event.type === "tool-call") calls.push(event);
            yield* said(event);
          }
        }
        await ended;
        if (calls.length === 0) return "stop";
        await turn.checkpoint();
      }
    },
    { capabilities: { usage: "reported" } },
  );
