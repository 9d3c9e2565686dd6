import { describe, expect, it } from "vitest";
import { emptyDraft, isLongPaste, messageOf, newerDraft, parseDraft, type Draft } from "./draft.ts";

const draft: Draft = { ...emptyDraft, text: " Look at this: ", pastes: ["a\nb\n"], changedAt: 1 };

describe("drafts (N10)", () => {
  it("makes one text of what was written and what was pasted", () => {
    expect(messageOf(draft)).toBe("Look at this:\n\na\nb");
    expect(messageOf(emptyDraft)).toBe("");
    expect([isLongPaste("x".repeat(4_000)), isLongPaste("x".repeat(4_001))]).toEqual([false, true]);
  });

  it("lets the newest of two tabs win", () => {
    const newer = { ...draft, text: "newer", changedAt: 2 };
    expect(newerDraft(draft, newer)).toBe(newer);
    expect(newerDraft(newer, draft)).toBe(newer);
  });

  it("takes whatever another version of this page has kept", () => {
    for (const stored of [undefined, null, 7, "text", [], { text: 1, pastes: "x" }])
      expect(parseDraft(stored)).toEqual(emptyDraft);
    expect(parseDraft(draft)).toEqual(draft);
    const file = {
      id: 1,
      attachmentId: "a",
      url: "/v1/attachments/a",
      mediaType: "text/plain",
      name: "a.txt",
      bytes: 3,
    };
    const kept = { ...draft, files: [file, { ...file, url: 7 }, null, "a"] };
    expect(parseDraft(kept).files).toEqual([file]);
  });
});
