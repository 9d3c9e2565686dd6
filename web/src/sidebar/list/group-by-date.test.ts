import type { Conversation } from "natter/client";
import { expect, test } from "vitest";
import { groupByDate } from "./group-by-date.ts";

const now = new Date(2026, 2, 29, 0, 30);

const at = (id: string, time: Date, pinned = false): Conversation =>
  ({ id, pinned, updatedAt: time.toISOString() }) as Conversation;

const grouped = (...conversations: Conversation[]) =>
  groupByDate(conversations, now).map(({ name, conversations: members }) => [name, ...members.map(({ id }) => id)]);

test("the days are those of the calendar, also just after midnight and over a change of the clock", () => {
  expect(
    grouped(
      at("future", new Date(2026, 2, 29, 23)),
      at("now", new Date(2026, 2, 29, 0, 0)),
      at("before-midnight", new Date(2026, 2, 28, 23, 59, 59)),
      at("yesterday", new Date(2026, 2, 28)),
      at("two-days", new Date(2026, 2, 27, 23, 59)),
      at("seven-days", new Date(2026, 2, 22)),
      at("eight-days", new Date(2026, 2, 21, 23, 59)),
      at("years", new Date(2019, 0, 1)),
    ),
  ).toEqual([
    ["today", "future", "now"],
    ["yesterday", "before-midnight", "yesterday"],
    ["week", "two-days", "seven-days"],
    ["earlier", "eight-days", "years"],
  ]);
});

test("pinned ones stand on top, whatever their day; groups without any are left out", () => {
  expect(grouped(at("today", now), at("pinned", new Date(2020, 1, 1), true))).toEqual([
    ["pinned", "pinned"],
    ["today", "today"],
  ]);
  expect(grouped()).toEqual([]);
});
