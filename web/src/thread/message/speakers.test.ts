import { expect, test } from "vitest";
import { speakersOf } from "./speakers.ts";

const agents = [
  { id: "default", name: "Assistant", isDefault: true },
  { id: "sums", name: "Sums", isDefault: false },
];

const branch = (...answeredBy: readonly (string | null)[]) =>
  answeredBy.map((agent, index) => ({ id: String(index), completion: agent === null ? null : { agent } }));

const named = (...answeredBy: readonly (string | null)[]) =>
  Object.fromEntries(speakersOf(branch(...answeredBy), agents));

test("B9 an answer says whose it is where another agent answered before, or first if it is not the default", () => {
  expect(named(null, "default", null, "default")).toEqual({});
  expect(named(null, "default", null, "sums", null, "sums", null, "default")).toEqual({ 3: "Sums", 7: "Assistant" });
  expect(named(null, "sums", null, "sums")).toEqual({ 1: "Sums" });
});

test("an agent that is not here any more is called by its id, and one that is not known yet says nothing", () => {
  expect(named(null, "default", null, "gone")).toEqual({ 3: "gone" });
  expect(named(null, "sums", null, "", null, "sums")).toEqual({ 1: "Sums" });
  expect(speakersOf(branch(null, "sums"), []).size).toBe(0);
});
