import type { Workspace } from "natter/client";
import { expect, test } from "vitest";
import { changeOf, draftOf, withGone } from "./workspace-draft.ts";

const workspace: Workspace = {
  id: "w",
  name: "Lab",
  role: "owner",
  defaultAgent: "gone-agent",
  defaultModel: "gone/model",
  allowedModels: ["gone/model", "here/model"],
  retentionDays: 45,
  createdAt: "2026-01-01T00:00:00.000Z",
};
const draft = draftOf(workspace);

test("A2 only what was changed is sent, so that what is not configured any more blocks nothing", () => {
  expect(changeOf(workspace, draft)).toBeNull();
  expect(changeOf(workspace, { ...draft, name: " Observatory " })).toEqual({ name: "Observatory" });
  expect(changeOf(workspace, { ...draft, retention: "never" })).toEqual({ retentionDays: null });
  expect(changeOf(workspace, { ...draft, agent: "" })).toEqual({ defaultAgent: null });
  expect(changeOf(workspace, { ...draft, model: "", allowed: ["here/model"] })).toEqual({
    defaultModel: null,
    allowedModels: ["here/model"],
  });
  expect(changeOf(workspace, { ...draft, allowed: ["here/model", "gone/model"] })).toBeNull();
  expect(changeOf(workspace, { ...draft, allowed: null })).toEqual({ allowedModels: null });
});

test("what is not configured any more is shown as such", () => {
  const here = { value: "here/model", label: "Here" };
  expect(withGone([here], ["gone/model", "here/model", "gone/model", ""])).toEqual([
    here,
    { value: "gone/model", label: "gone/model (not here any more)" },
  ]);
});
