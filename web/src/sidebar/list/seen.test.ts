import { expect, test } from "vitest";
import { isUnread, isUnreadSince, withSeen, type Seen } from "./seen.ts";

const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`;
const fresh: Seen = { since: at(10), updates: {} };

test("what was there before this device kept count is read, what came after is not", () => {
  expect(isUnreadSince(fresh, { id: "a", updatedAt: at(9) })).toBe(false);
  expect(isUnreadSince(fresh, { id: "a", updatedAt: at(11) })).toBe(true);
});

test("what was seen is read until something new is said", () => {
  const seen = withSeen(fresh, { id: "a", updatedAt: at(20) });
  expect(isUnreadSince(seen, { id: "a", updatedAt: at(20) })).toBe(false);
  expect(isUnreadSince(seen, { id: "a", updatedAt: at(21) })).toBe(true);
  expect(isUnreadSince(seen, { id: "b", updatedAt: at(20) })).toBe(true);
});

test("only the newest 500 are kept", () => {
  let seen = fresh;
  for (let number = 0; number < 600; number += 1) seen = withSeen(seen, { id: `c${number}`, updatedAt: at(20) });
  seen = withSeen(seen, { id: "c300", updatedAt: at(30) });
  expect(Object.keys(seen.updates)).toHaveLength(500);
  expect(seen.updates["c300"]).toBe(at(30));
  expect(seen.updates["c599"]).toBe(at(20));
});

test("what the server says of a conversation counts; without its word what this device has shown, while nothing is at work", () => {
  const told = { id: "a", updatedAt: at(20), activity: "idle" } as const;
  expect(isUnread(fresh, { ...told, unread: false })).toBe(false);
  expect(isUnread(withSeen(fresh, told), { ...told, unread: true })).toBe(true);
  expect(isUnread(fresh, told)).toBe(true);
  expect(isUnread(fresh, { ...told, activity: "working" })).toBe(false);
});
