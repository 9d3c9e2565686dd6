import { describe, expect, it } from "vitest";
import {
  acknowledge,
  afterSending,
  emptyDraft,
  isLongPaste,
  messageOf,
  newerDraft,
  parseDraft,
  recoverUnsent,
  type Draft,
} from "./draft.ts";

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

  it("keeps a text until the server has it", () => {
    const sent = afterSending(draft, "m1", 2);
    expect(sent).toMatchObject({ text: "", pastes: [], sent: [{ messageId: "m1", text: "Look at this:\n\na\nb" }] });
    expect(acknowledge(sent, () => false, 3)).toBe(sent);
    expect(acknowledge(sent, (id) => id === "m1", 3).sent).toEqual([]);
  });

  it("puts back what a page that is gone sent in vain, before what was written since", () => {
    const later = { ...afterSending(draft, "m1", 2), text: "More." };
    expect(recoverUnsent(later, () => true, 3)).toBe(later);
    expect(recoverUnsent(later, () => false, 3)).toMatchObject({ text: "Look at this:\n\na\nb\n\nMore.", sent: [] });
  });

  it("takes whatever another version of this page has kept", () => {
    for (const stored of [undefined, null, 7, "text", [], { text: 1, pastes: "x", sent: [{ messageId: 1 }, null] }])
      expect(parseDraft(stored)).toEqual(emptyDraft);
    expect(parseDraft(draft)).toEqual(draft);
  });
});
