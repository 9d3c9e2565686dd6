import { expect, test } from "vitest";
import { fillDays } from "./fill-days.ts";

test("a chart of days leaves out none between the first and the last, also where a clock is set", () => {
  expect(
    fillDays([
      { name: "2026-03-31", value: 3 },
      { name: "2026-03-28", value: 1 },
    ]),
  ).toEqual([
    { name: "2026-03-28", value: 1 },
    { name: "2026-03-29", value: 0 },
    { name: "2026-03-30", value: 0 },
    { name: "2026-03-31", value: 3 },
  ]);
  expect(fillDays([])).toEqual([]);
  expect(fillDays([{ name: "2026-01-01", value: 2 }])).toEqual([{ name: "2026-01-01", value: 2 }]);
  expect(fillDays([{ name: "2026-01-02", value: 2 }], ["2026-01-01", "2026-01-03"])).toEqual([
    { name: "2026-01-01", value: 0 },
    { name: "2026-01-02", value: 2 },
    { name: "2026-01-03", value: 0 },
  ]);
});
