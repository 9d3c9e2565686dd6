import type { InjectedContext, ToolDatabase } from "../protocol/agent/injected-context.ts";
import { silentLogger } from "../foundation/logger.ts";

const unused = (): never => {
  throw new Error("this test has no database for tools");
};

const database: ToolDatabase = { get: unused, set: unused, update: unused, delete: unused, list: unused };

/** What a tool gets as `context` where it does not matter. */
export const testContext: InjectedContext = {
  database,
  artifacts: { create: unused, update: unused, read: unused },
  logger: silentLogger,
  user: { id: "u", name: null, email: null },
  workspace: { id: "w", name: "Test" },
  conversation: { id: "c", title: null },
  completion: {
    id: "o",
    workspaceId: "w",
    conversationId: "c",
    messageId: "m",
    userId: "u",
    model: "test/model",
  },
};
