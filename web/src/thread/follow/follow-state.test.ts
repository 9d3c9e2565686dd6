import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  followAtStart,
  nextFollow,
  spaceBelow,
  turnMargin,
  type FollowEvent,
  type FollowState,
} from "./follow-state.ts";

const after = (...events: readonly FollowEvent[]): FollowState =>
  events.reduce(nextFollow, { ...followAtStart, top: 1_000 });

describe("following by intent (C9)", () => {
  it("goes off with the first wheel-up, key or selection, however near the end is", () => {
    expect(after({ type: "turned-away" }).isFollowing).toBe(false);
    expect(after({ type: "turned-away" }, { type: "scrolled", top: 990, distance: 10 }).isFollowing).toBe(false);
  });

  it("comes back when the person scrolls down to within 80 pixels of the end", () => {
    const away = [{ type: "turned-away" }, { type: "scrolled", top: 500, distance: 500 }] as const;
    expect(after(...away, { type: "scrolled", top: 919, distance: 81 }).isFollowing).toBe(false);
    expect(after(...away, { type: "scrolled", top: 920, distance: 80 }).isFollowing).toBe(true);
    expect(after(...away, { type: "called-back" }).isFollowing).toBe(true);
  });

  it("goes off when the scroll bar is dragged up, and not when content shrinks", () => {
    expect(after({ type: "scrolled", top: 700, distance: 300 }).isFollowing).toBe(false);
    expect(after({ type: "scrolled", top: 700, distance: 0 }).isFollowing).toBe(true);
  });

  it("stays off while a finger is on the thread, and comes back when it lets go at the end", () => {
    const held = [{ type: "touched" }, { type: "scrolled", top: 1_040, distance: 0 }] as const;
    expect(after(...held).isFollowing).toBe(false);
    expect(after(...held, { type: "released", distance: 0 }).isFollowing).toBe(true);
    expect(after({ type: "touched" }, { type: "released", distance: 40 }).isFollowing).toBe(false);
  });

  it("is never changed by what arrives", () => {
    const anyState = fc.record({ isFollowing: fc.boolean(), isHeld: fc.boolean(), top: fc.nat() });
    fc.assert(
      fc.property(anyState, fc.nat(), fc.nat(), (state, top, distance) => {
        const placed = nextFollow(state, { type: "placed", top });
        expect(placed.isFollowing).toBe(state.isFollowing);
        expect(nextFollow(placed, { type: "scrolled", top, distance }).isFollowing).toBe(state.isFollowing);
      }),
    );
  });
});

it("leaves as much room below an answer as its question needs to be at the upper edge (C9)", () => {
  expect(spaceBelow({ viewport: 800, turnTop: 3_000, contentEnd: 3_150 })).toBe(800 - 150 - turnMargin);
  expect(spaceBelow({ viewport: 800, turnTop: 3_000, contentEnd: 5_000 })).toBe(0);
});
