import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import type { TaskStore } from "./task-store.ts";
import { listTaskTools, taskTools } from "./task-tools.ts";

/** The member of a request's `_meta` in which Natter says for whom it asks. */
const userKey = "natter/userId";

const userOf = (meta: Readonly<Record<string, unknown>> | undefined, fallback: string | undefined): string | null => {
  const user = meta?.[userKey] ?? fallback;
  return typeof user === "string" && user !== "" ? user : null;
};

const problem = (text: string) => ({ isError: true, content: [{ type: "text" as const, text }] });

/**
 * A server of one session. Whose tasks they are is told by who calls the server, never by the model.
 * @param fallbackUser for a host that tells no user, such as a desktop application
 */
export const createTaskServer = (store: TaskStore, fallbackUser?: string): Server => {
  const server = new Server({ name: "natter-tasks", version: "1.0.0" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listTaskTools() }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const tool = taskTools.find(({ name }) => name === params.name);
    if (tool === undefined) return problem(`There is no tool ${params.name}.`);
    const user = userOf(params._meta, fallbackUser);
    if (user === null) return problem("Nobody said whose tasks are meant.");
    const answer = tool.run(store, user, params.arguments ?? {});
    return "problem" in answer ? problem(answer.problem) : { content: [{ type: "text", text: answer.text }] };
  });
  return server;
};
