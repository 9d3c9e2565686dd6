import type { PresentUser } from "natter/client";
import { describe, expect, it } from "vitest";
import { listNames, othersOf } from "./other-people.ts";

const someone = (userId: string, name: string | null): PresentUser => ({ userId, name, isWriting: false });

describe("who else is there (N3)", () => {
  it("is everybody but oneself, and nobody until it is known who one is", () => {
    const presence = [someone("me", "Me"), someone("x", null), someone("a", "Ada")];
    expect(othersOf(presence, "me").map(({ userId }) => userId)).toEqual(["a", "x"]);
    expect(othersOf(presence, undefined)).toEqual([]);
  });

  it("is said in a few words, however many there are", () => {
    const people = ["Ada", "Bo", "Cy", "Di"].map((name) => someone(name, name));
    expect(listNames([])).toBe("");
    expect(listNames(people.slice(0, 1))).toBe("Ada");
    expect(listNames(people.slice(0, 2))).toBe("Ada and Bo");
    expect(listNames(people.slice(0, 3))).toBe("Ada, Bo and 1 other");
    expect(listNames(people)).toBe("Ada, Bo and 2 others");
    expect(listNames([someone("x", "  ")])).toBe("Somebody");
  });
});
