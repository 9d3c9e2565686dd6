import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { allowedModelsOf, defaultAgentOf, defaultModelOf } from "../../conversations/sending/choose.ts";
import type { Agent } from "../../protocol/agent/agent.ts";
import { runnerCapabilitiesSchema, unknownCapabilities } from "../../protocol/agent/runner-capabilities.ts";
import type { OfferedModel } from "../../protocol/agent/model.ts";
import type { Tool } from "../../protocol/agent/tool.ts";
import { answer } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { listOf } from "../openapi/schemas.ts";

const tag = "Catalogue";

const modelSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    contextTokens: z.int().nullable(),
    maxOutputTokens: z.int().nullable(),
    tools: z.boolean(),
    reasoning: z.boolean(),
    images: z.boolean().describe("Whether it reads images"),
    files: z.array(z.string()).describe("Media types that it reads besides text and images"),
    price: z
      .object({ inputMicrosPerMillion: z.int(), outputMicrosPerMillion: z.int() })
      .nullable()
      .describe("Millionths of a dollar for a million tokens; null when it is not known"),
    isDefault: z.boolean().describe("Whether it answers where nobody chose"),
  })
  .meta({ id: "Model" });

const agentToolSchema = z.object({
  name: z.string(),
  description: z.string().nullable(),
  kind: z.enum(["inline", "client", "background"]),
  outputSchema: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe("Of a client tool: the JSON Schema that its result must fit"),
});

const agentSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    model: z.string().nullable().describe("Null: the server's default model"),
    tools: z.array(agentToolSchema),
    runner: z.string(),
    capabilities: runnerCapabilitiesSchema.describe("What the runner can promise"),
    maxSteps: z.int(),
    isDefault: z.boolean().describe("Whether it answers where nobody chose"),
  })
  .meta({ id: "Agent" });

const describeModel = (model: OfferedModel, defaultId: string): z.infer<typeof modelSchema> => ({
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

const describeTool = (name: string, tool: Tool): z.infer<typeof agentToolSchema> => ({
  name,
  description: tool.description ?? null,
  kind: tool.kind,
  outputSchema: tool.kind === "client" ? { ...tool.outputSchema } : null,
});

// instructions, settings and input schemas stay inside: they are the operator's
const describeAgent = (agent: Agent, defaultId: string): z.infer<typeof agentSchema> => ({
  id: agent.id,
  name: agent.name,
  model: agent.model ?? null,
  tools: Object.entries(agent.tools).map(([name, tool]) => describeTool(name, tool)),
  runner: agent.runner.name,
  capabilities: agent.runner.capabilities ?? unknownCapabilities,
  maxSteps: agent.maxSteps,
  isDefault: agent.id === defaultId,
});

const modelsQuerySchema = z.strictObject({
  all: z
    .literal("true")
    .optional()
    .describe("Also those that the workspace does not allow, for its owners and admins to choose from"),
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
