import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import type { Agent } from "../../protocol/agent/agent.ts";
import type { McpServerReport } from "../../protocol/agent/mcp.ts";
import { answer } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";

const toolSchema = z
  .object({
    name: z.string().describe("As models call it"),
    description: z.string().nullable(),
    kind: z.enum(["inline", "client", "background"]),
    agents: z.array(z.string()).describe("Ids of the agents that have it"),
    server: z.string().nullable().describe("The MCP server that it comes from; null: it is the agent's own"),
    drift: z
      .enum(["none", "changed", "added"])
      .describe(
        "`changed`: its server describes it otherwise than at first, and each call waits for an approval; `added`: it came later, and is not offered",
      ),
    fingerprint: z.string().nullable().describe("What the operator names under `trust` to accept the change"),
  })
  .meta({ id: "Tool" });

const serverSchema = z
  .object({
    name: z.string(),
    status: z.enum(["lazy", "connecting", "ready", "down"]).describe("`lazy`: it is started by the first call"),
    problem: z.string().nullable(),
  })
  .meta({ id: "McpServer" });

const toolsSchema = z.object({
  data: z.array(toolSchema),
  servers: z.array(serverSchema),
  nextCursor: z.string().nullable(),
});

type ToolView = z.infer<typeof toolSchema>;

/** How long a server that was not looked for yet is waited for. */
const patienceMs = 3_000;

const ownKey = (name: string, server: string | null): string => JSON.stringify([server, name]);

/** Each tool once, with the agents that have it. */
const toolsOf = (agents: readonly Agent[], reports: readonly McpServerReport[]): ToolView[] => {
  const views = new Map<string, ToolView>();
  for (const { name: server, tools } of reports) {
    for (const { name, description, drift, fingerprint } of tools) {
      const asChanged = drift === "none" ? null : fingerprint;
      views.set(ownKey(name, server), {
        name,
        description,
        kind: "inline",
        agents: [],
        server,
        drift,
        fingerprint: asChanged,
      });
    }
  }
  for (const agent of agents) {
    for (const [name, tool] of Object.entries(agent.tools)) {
      const server = agent.mcp?.find((candidate) => views.has(ownKey(name, candidate))) ?? null;
      const view = views.get(ownKey(name, server)) ?? {
        name,
        description: tool.description ?? null,
        kind: tool.kind,
        agents: [],
        server: null,
        drift: "none",
        fingerprint: null,
      };
      views.set(ownKey(name, server), { ...view, agents: [...view.agents, agent.id] });
    }
  }
  return [...views.values()];
};

export const toolRoutes = ({ context: { agents }, mcp }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/tools",
    summary: "The tools that agents have, and where they come from",
    tag: "Catalogue",
    answers: { 200: { description: "All of them", schema: toolsSchema } },
    handle: async (call) => {
      authorize(call.principal, "account", "workspace");
      await mcp?.prepare(mcp.names, patienceMs);
      const reports = mcp?.reports() ?? [];
      const servers = reports.map(({ name, status, problem }) => ({ name, status, problem }));
      return answer(call, 200, { data: toolsOf(agents.list(), reports), servers, nextCursor: null });
    },
  }),
];
