import type { ToolExecution } from "../../protocol/tool-execution.ts";
import type { Page } from "../../protocol/page.ts";
import { conversationPath } from "./conversation-calls.ts";
import type { Requester } from "../requests/requester.ts";
import type { PageQuery } from "./queries.ts";

const executionPath = (id: string): string => `/v1/tool-executions/${encodeURIComponent(id)}`;

/** Calls of tools that go on in the background. */
export const executionCalls = ({ json }: Requester) => ({
  /** Newest first. */
  list: (conversationId: string, query: PageQuery = {}): Promise<Page<ToolExecution>> =>
    json(`${conversationPath(conversationId)}/tool-executions`, { query }),
  get: (id: string): Promise<ToolExecution> => json(executionPath(id)),
  /** Ends it at once; does nothing to one that has ended. */
  cancel: (id: string): Promise<ToolExecution> => json(`${executionPath(id)}/cancel`, { method: "POST" }),
  /** Has one done again that ended without success. */
  retry: (id: string): Promise<ToolExecution> => json(`${executionPath(id)}/retry`, { method: "POST" }),
});
