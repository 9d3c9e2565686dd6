import type { ToolSet } from "ai";
import type { Turn } from "../../protocol/agent/turn.ts";
import { errorTextOf, outputOf } from "../../tools/results.ts";
import { ToolRefusal } from "../tool-refusal.ts";
import { noteCall, stopForPerson } from "./sdk-waits.ts";

/**
 * The agent's own tools for AI SDK 7, within one turn: each call runs through the execution ledger, at most once, asks
 * whom it has to ask, and tells what went wrong in words that are safe to show.
 */
export const aiSdkTools = async (turn: Turn): Promise<ToolSet> => {
  const { jsonSchema, tool } = await import("ai");
  return Object.fromEntries(
    Object.entries(turn.agent.tools).map(([name, { description, inputSchema }]) => [
      name,
      tool({
        ...(description === undefined ? {} : { description }),
        inputSchema: jsonSchema(inputSchema),
        execute: async (input: unknown, { toolCallId }) => {
          const running = turn.kit.callTool({ callId: toolCallId, tool: name, input });
          noteCall(turn, running);
          const result = (await running) ?? (await stopForPerson(turn));
          const errorText = errorTextOf(result.outcome);
          if (errorText !== null) throw new ToolRefusal(errorText);
          return outputOf(result.outcome);
        },
      }),
    ]),
  );
};
