import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysAgo, startOfDay, toQuery } from "./instant.ts";

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "America/Sao_Paulo",
  "Africa/Cairo",
];
const day = fc.date({ min: new Date("2015-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });

const shown = (instant: number, timeZone: string): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(instant);

describe("days of a time zone", () => {
  test("begin at the first moment that clocks there show that date", () => {
    fc.assert(
      fc.property(day, fc.constantFrom(...zones), (date, zone) => {
        const name = date.toISOString().slice(0, 10);
        const start = startOfDay(name, zone);
        expect(shown(start, zone).slice(0, 10)).toBe(name);
        expect(shown(start - 1_000, zone) < `${name} `).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test("an interval of days has both of them, also where clocks change", () => {
    expect(toQuery({ from: "2026-03-29", to: "2026-03-29", status: "failed" }, "Europe/Berlin")).toEqual({
      from: "2026-03-28T23:00:00.000Z",
      to: "2026-03-29T22:00:00.000Z",
      status: "failed",
    });
    expect(toQuery({ from: "yesterday" }, "UTC")).toEqual({ from: "yesterday" });
  });

  test("today is what calendars there show", () => {
    const now = Date.parse("2026-11-21T23:30:00Z");
    expect(daysAgo(0, "UTC", now)).toBe("2026-11-21");
    expect(daysAgo(0, "Europe/Berlin", now)).toBe("2026-11-22");
    expect(daysAgo(29, "America/New_York", now)).toBe("2026-10-23");
  });
});
