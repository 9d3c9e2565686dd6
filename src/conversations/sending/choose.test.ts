import { describe, expect, it } from "vitest";
import { createAgentDirectory } from "../../agents/define-agent.ts";
import type { OfferedModel } from "../../protocol/agent/model.ts";
import type { WorkspacePolicy } from "../../protocol/people/principal.ts";
import type { ConversationContext } from "../context.ts";
import { allowedModelsOf, chooseAgent, defaultModelOf } from "./choose.ts";

const ids = ["test/big", "test/small", "test/other"];

const context = {
  agents: createAgentDirectory({ default: {}, pinned: { model: "test/big" } }),
  models: {
    defaultModel: "test/big",
    resolve: (id: string) => ids.find((one) => one === id || one === `test/${id}`),
    list: () => ids.map((id) => ({ id }) as OfferedModel),
  },
} as unknown as ConversationContext;

const under = (policy: Partial<WorkspacePolicy>) => ({
  policy: { agent: null, model: null, allowedModels: null, ...policy },
});

const modelOf = (policy: Partial<WorkspacePolicy>, options: object = {}): string =>
  chooseAgent(context, under(policy), { options, conversation: undefined }).model;

describe("which model answers where nobody chose (A2)", () => {
  it("is the workspace's, else the server's, else the first that the workspace allows", () => {
    expect(modelOf({})).toBe("test/big");
    expect(modelOf({ model: "test/small" })).toBe("test/small");
    expect(modelOf({ allowedModels: ["other", "small"] })).toBe("test/small");
    expect(modelOf({ allowedModels: ["test/small"], model: "test/big" })).toBe("test/small");
    expect(allowedModelsOf(context, under({ allowedModels: ["other"] })).map(({ id }) => id)).toEqual(["test/other"]);
  });

  it("is refused, clearly, where no allowed model is here, and where an agent or a person names another", () => {
    const nowhere = { allowedModels: ["gone/model"] };
    expect(defaultModelOf(context, under(nowhere))).toBe("test/big");
    const refusal = /does not allow the model "test\/big"; ask an owner or admin/;
    expect(() => modelOf(nowhere)).toThrow(refusal);
    const small = { allowedModels: ["test/small"] };
    expect(() => modelOf(small, { model: "big" })).toThrow(refusal);
    expect(() => modelOf(small, { agent: "pinned" })).toThrow(refusal);
  });
});
