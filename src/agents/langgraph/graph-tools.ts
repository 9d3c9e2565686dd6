import type { Tool } from "../../protocol/agent/tool.ts";
import type { Turn } from "../../protocol/agent/turn.ts";
import { errorTextOf, outputOf } from "../../tools/results.ts";
import type { Langgraph } from "./load-langgraph.ts";
import { ownQuestion } from "./pending-interrupts.ts";
import { ownWord } from "./result-chunk.ts";

const plainSchema = (schema: Tool["inputSchema"]): Record<string, unknown> => JSON.parse(JSON.stringify(schema));

/** The agent's own tools for LangChain, within one turn: each call runs through the execution ledger, at most once. */
export const createGraphTools = (core: Langgraph, turn: Turn) =>
  Object.entries(turn.agent.tools).map(([name, { description = name, inputSchema }]) =>
    core.tool(
      async (input: unknown, config: { readonly toolCall?: { readonly id?: string } }) => {
        const callId = config.toolCall?.id ?? "";
        const result = await turn.kit.callTool({ callId, tool: name, input });
        // the node begins again when somebody has answered
        if (result === null) return core.interrupt({ [ownQuestion]: callId });
        const { outcome } = result;
        const errorText = errorTextOf(outcome);
        const data = outputOf(outcome);
        const content = errorText ?? (typeof data === "string" ? data : JSON.stringify(data));
        const kept = errorText === null ? {} : { additional_kwargs: { [ownWord]: outcome.type } };
        const status = errorText === null ? ("success" as const) : ("error" as const);
        return new core.ToolMessage({ content, tool_call_id: callId, name, status, ...kept });
      },
      { name, description, schema: plainSchema(inputSchema) },
    ),
  );
