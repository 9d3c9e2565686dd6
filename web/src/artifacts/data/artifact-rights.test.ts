import type { Conversation, Me } from "natter/client";
import { expect, test } from "vitest";
import { artifactRights } from "./artifact-rights.ts";

const conversation = { ownerId: "anna", status: "active" } as Conversation;
const me = (userId: string, role: Me["role"]): Me => ({ userId, role, workspaceId: "w", name: null, hasSession: true });
const nothing = { canWrite: false, canRemove: false };

test("C8 who reads only, or nobody that is known, writes in no artifact; nor does anybody in an archived conversation", () => {
  expect(artifactRights(conversation, me("anna", "reader"))).toEqual(nothing);
  expect(artifactRights(conversation, undefined)).toEqual(nothing);
  expect(artifactRights(null, me("anna", "owner"))).toEqual(nothing);
  expect(artifactRights({ ...conversation, status: "archived" }, me("anna", "owner"))).toEqual(nothing);
});

test("C8 members write in a shared conversation's artifacts, and its owner and admins delete them", () => {
  expect(artifactRights(conversation, me("ben", "member"))).toEqual({ canWrite: true, canRemove: false });
  expect(artifactRights(conversation, me("anna", "member"))).toEqual({ canWrite: true, canRemove: true });
  expect(artifactRights(conversation, me("cleo", "admin"))).toEqual({ canWrite: true, canRemove: true });
});
