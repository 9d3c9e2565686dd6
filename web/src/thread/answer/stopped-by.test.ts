import type { Completion } from "natter/client";
import { describe, expect, it } from "vitest";
import { stoppedBy } from "./stopped-by.ts";

const stopped = (cancelledBy: Completion["cancelledBy"]) => ({
  completion: { cancelledBy } as Completion,
});

describe("who stopped an answer (N3)", () => {
  it("is this person, another by name, another without one, or nobody", () => {
    expect(stoppedBy(stopped({ id: "me", name: "Grace" }), "me")).toBe("Stopped by you");
    expect(stoppedBy(stopped({ id: "ada", name: "Ada" }), "me")).toBe("Stopped by Ada");
    expect(stoppedBy(stopped({ id: "ada", name: null }), "me")).toBe("Stopped by somebody else");
    expect(stoppedBy(stopped(null), "me")).toBe("Stopped");
    expect(stoppedBy({ completion: null }, undefined)).toBe("Stopped");
  });
});
