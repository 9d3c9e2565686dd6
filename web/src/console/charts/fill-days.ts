import type { ChartBar } from "./bar-chart.tsx";

const dayMs = 86_400_000;
const mostDays = 400;

const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** The first and the last day of a chart. */
export type DaySpan = readonly [first: string, last: string];

/** The bars of days, newest first, as a row of days, oldest first, in which none is left out; of the whole span where one is given. */
export const fillDays = (newestFirst: readonly ChartBar[], span?: DaySpan): readonly ChartBar[] => {
  const first = span?.[0] ?? newestFirst.at(-1)?.name;
  const last = span?.[1] ?? newestFirst[0]?.name;
  if (first === undefined || last === undefined) return [];
  const values = new Map(newestFirst.map(({ name, value }) => [name, value]));
  const end = Date.parse(last);
  const days = Math.min(mostDays, Math.round((end - Date.parse(first)) / dayMs) + 1);
  return Array.from({ length: days }, (_, index) => {
    const name = dayOf(end - (days - 1 - index) * dayMs);
    return { name, value: values.get(name) ?? 0 };
  });
};
