import { findSignedRound, giveResult } from "../../conversations/tool-executions/give-result.ts";
import type { AgentDirectory } from "../../protocol/agent/agent.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import type { ToolOutcome } from "../../protocol/agent/tool.ts";
import { toolOutcomeSchema } from "../../protocol/tool-execution.ts";
import { storableOutcome } from "../../tools/storable-outcome.ts";
import { answer } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { parseJsonBody } from "../request/json-body.ts";
import { parseBody } from "../request/parse-call.ts";
import { readBody } from "../request/read-body.ts";
import type { SignedForm } from "../route.ts";
import { checkSignature, signatureHeader, unsigned } from "./signature.ts";

/** What a service may say of a call: everything but that it goes on. */
const givenOutcomeSchema = toolOutcomeSchema.refine(({ type }) => type !== "pending", "must be a result");

const continuesOn = (agents: AgentDirectory, agent: string, name: string): boolean => {
  const tools = agents.get(agent)?.tools ?? {};
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  return tool?.kind === "background" && tool.background.onResult === "continue";
};

/** A result that a service sends for a background tool, signed with the secret that the tool's body was given. */
export const signedResult = ({ context }: Pick<HttpDependencies, "context">): SignedForm => ({
  isSigned: (request) => request.headers.has(signatureHeader),
  handle: async (arrival, { toolExecutionId: id = "" }, limits) => {
    const round = idSchema.safeParse(id).success ? await findSignedRound(context.database, id) : undefined;
    if (round === undefined) throw unsigned();
    const body = await readBody(arrival, limits);
    const signed = { secret: round.secret, id, body };
    checkSignature(arrival.request.headers.get(signatureHeader) ?? "", signed, Date.now());
    const outcome: ToolOutcome = storableOutcome(parseBody(givenOutcomeSchema, parseJsonBody(body)));
    const continues = continuesOn(context.agents, round.agent, round.tool);
    return answer(arrival, 200, await giveResult(context, round, { outcome, continues }));
  },
});
