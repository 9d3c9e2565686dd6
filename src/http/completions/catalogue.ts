import { authorize } from "../../auth/authorize.ts";
import { allowedModelsOf, defaultAgentOf, defaultModelOf } from "../../conversations/sending/choose.ts";
import type { Agent } from "../../protocol/agent/agent.ts";
import { unknownCapabilities } from "../../protocol/agent/runner-capabilities.ts";
import type { OfferedModel } from "../../protocol/agent/model.ts";
import type { Tool } from "../../protocol/agent/tool.ts";
import { answer } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { listOf } from "../../protocol/page.ts";
import {
  agentSchema,
  modelSchema,
  modelsQuerySchema,
  type AgentDescription,
  type AgentTool,
  type Model,
} from "../../protocol/agent/catalogue.ts";

const tag = "Catalogue";

const describeModel = (model: OfferedModel, defaultId: string): Model => ({
  id: model.id,
  name: model.name,
  contextTokens: model.contextTokens,
  maxOutputTokens: model.maxOutputTokens,
  tools: model.tools,
  reasoning: model.reasoning,
  images: model.images,
  files: [...model.files],
  price: model.price,
  isDefault: model.id === defaultId,
});

const describeTool = (name: string, tool: Tool): AgentTool => ({
  name,
  description: tool.description ?? null,
  kind: tool.kind,
  outputSchema: tool.kind === "client" ? { ...tool.outputSchema } : null,
});

// instructions, settings and input schemas stay inside: they are the operator's
const describeAgent = (agent: Agent, defaultId: string): AgentDescription => ({
  id: agent.id,
  name: agent.name,
  model: agent.model ?? null,
  tools: Object.entries(agent.tools).map(([name, tool]) => describeTool(name, tool)),
  runner: agent.runner.name,
  capabilities: agent.runner.capabilities ?? unknownCapabilities,
  maxSteps: agent.maxSteps,
  isDefault: agent.id === defaultId,
});

export const catalogueRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/models",
    summary: "The models to choose from",
    tag,
    query: modelsQuerySchema,
    answers: { 200: { description: "All of them", schema: listOf(modelSchema) } },
    handle: (call) => {
      const { principal, query } = call;
      authorize(principal, query.all === undefined ? "account" : "administer", "workspace");
      const offered = query.all === undefined ? allowedModelsOf(context, principal) : context.models.list();
      const defaultId = defaultModelOf(context, principal);
      return answer(call, 200, { data: offered.map((model) => describeModel(model, defaultId)), nextCursor: null });
    },
  }),
  route({
    method: "get",
    path: "/v1/agents",
    summary: "The agents to choose from",
    tag,
    answers: { 200: { description: "All of them", schema: listOf(agentSchema) } },
    handle: (call) => {
      authorize(call.principal, "account", "workspace");
      const defaultId = defaultAgentOf(context, call.principal);
      const data = context.agents.list().map((agent) => describeAgent(agent, defaultId));
      return answer(call, 200, { data, nextCursor: null });
    },
  }),
];
