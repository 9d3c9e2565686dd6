import type { MessageState, MessageView } from "natter/client";
import { describe, expect, it } from "vitest";
import { newTurn } from "./turns.ts";

const message = (id: string, parentId: string | null, state: MessageState): MessageView =>
  ({
    id,
    parentId,
    state,
    role: id.startsWith("a") ? "assistant" : "user",
    parts: [],
    siblings: [id],
  }) as unknown as MessageView;

const stored = [message("u1", null, "sent"), message("a1", "u1", "finished")];

describe("the turn that a thread shows from its upper edge (C9)", () => {
  it("begins with a message that is sent from here, also as the first or as an edit", () => {
    expect(newTurn([], [message("u1", null, "sending")])).toEqual({ messageId: "u1", isOwn: true });
    expect(newTurn(stored, [...stored, message("u2", "a1", "sending")])).toEqual({ messageId: "u2", isOwn: true });
    expect(newTurn(stored, [message("u9", null, "sending")])).toEqual({ messageId: "u9", isOwn: true });
  });

  it("begins with a message that waited or came from elsewhere, and with an answer that is asked for again", () => {
    expect(newTurn(stored, [...stored, message("u2", "a1", "sent")])).toEqual({ messageId: "u2", isOwn: false });
    expect(newTurn(stored, [stored[0]!, message("a9", "u1", "thinking")])).toEqual({ messageId: "u1", isOwn: false });
  });

  it("does not begin when a conversation opens, earlier messages come, a branch is chosen or an answer goes on", () => {
    expect(newTurn([], stored)).toBeNull();
    expect(newTurn(stored, [message("u0", null, "sent"), ...stored])).toBeNull();
    expect(newTurn(stored, [message("u9", null, "sent"), message("a9", "u9", "finished")])).toBeNull();
    expect(newTurn(stored, [stored[0]!, message("a9", "u1", "finished")])).toBeNull();
    expect(newTurn(stored, [stored[0]!, message("a1", "u1", "streaming")])).toBeNull();
  });
});
