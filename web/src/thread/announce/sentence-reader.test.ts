import type { ConversationView } from "natter/client";
import { describe, expect, it } from "vitest";
import { SentenceReader } from "./sentence-reader.ts";

const view = (text: string, isLive = true): Pick<ConversationView, "messages" | "live"> =>
  ({
    messages: [{ id: "a1", parts: [{ type: "text", text }] }],
    live: isLive ? { messageId: "a1" } : null,
  }) as unknown as ConversationView;

describe("reading an answer aloud (N10)", () => {
  it("says each sentence once, when it is whole, and not more often than every three seconds", () => {
    const reader = new SentenceReader();
    expect(reader.read(view("One is"), 0)).toBeNull();
    expect(reader.read(view("One is here. Two"), 100)).toBe("One is here.");
    expect(reader.read(view("One is here. Two is here. Three"), 2_000)).toBeNull();
    expect(reader.read(view("One is here. Two is here. Three is here. Fo"), 3_100)).toBe("Two is here. Three is here.");
  });

  it("says the rest at once when the answer ends, and nothing after that", () => {
    const reader = new SentenceReader();
    expect(reader.read(view("One is here. Two"), 0)).toBe("One is here.");
    expect(reader.read(view("One is here. Two ends", false), 10)).toBe("Two ends");
    expect(reader.read(view("One is here. Two ends", false), 9_000)).toBeNull();
  });

  it("says nothing of an answer that was there before", () => {
    expect(new SentenceReader().read(view("One is here. Two is here.", false), 0)).toBeNull();
  });
});
