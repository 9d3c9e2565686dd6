import { expect, test } from "vitest";
import { readAmount } from "./read-amount.ts";

test.each([
  ["", null],
  ["  ", null],
  ["10", 10_000_000],
  ["10.5", 10_500_000],
  ["10,50", 10_500_000],
  ["0,125", 125_000],
  ["0.000001", 1],
  ["1000000", 1_000_000_000_000],
  ["100,000", "isGrouped"],
  ["1.000", "isGrouped"],
  ["1,000,000", "isGrouped"],
  ["1,000.50", "isGrouped"],
  ["100 000", "isGrouped"],
  ["1'000", "isGrouped"],
  ["0.0000001", "isTooFine"],
  ["1000000000.01", "isTooLarge"],
  ["1e3", "isNoNumber"],
  ["0x10", "isNoNumber"],
  ["-5", "isNoNumber"],
  ["ten", "isNoNumber"],
  ["Infinity", "isNoNumber"],
])("%j dollars are %j micros", (typed, amount) => {
  expect(readAmount(typed, 6)).toBe(amount);
});

test.each([
  ["100000", 100_000],
  ["0", 0],
  ["100,000", "isGrouped"],
  ["100.5", "isTooFine"],
  ["0,5", "isTooFine"],
])("%j tokens are %j", (typed, amount) => {
  expect(readAmount(typed, 0)).toBe(amount);
});
