import { NatterError } from "../../foundation/errors.ts";
import type { AgentDirectory } from "../../protocol/agent/agent.ts";
import type { ClientResult } from "../../protocol/question.ts";
import type { ToolOutcome } from "../../protocol/agent/tool.ts";

/** Which tool's result it is. */
interface NamedCall {
  readonly agent: string;
  readonly tool: string;
}

/**
 * What a client's result is as the outcome of its call: it has to fit the tool's `outputSchema`.
 * @throws NatterError `unprocessable` with what does not fit, or when the tool is not configured any more
 */
export const outcomeOfResult = async (
  agents: AgentDirectory,
  { agent, tool: name }: NamedCall,
  result: ClientResult,
): Promise<ToolOutcome> => {
  if ("errorText" in result) return { type: "failed", message: result.errorText };
  const tools = agents.get(agent)?.tools ?? {};
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool?.kind !== "client") throw new NatterError("unprocessable", `"${name}" takes no results from clients.`);
  const checked = await tool.validateOutput(result.output);
  if ("value" in checked) return { type: "completed", data: checked.value ?? null };
  throw new NatterError(
    "unprocessable",
    `The result does not fit what the tool promises: ${checked.issues.join("; ")}`,
  );
};
