import type { ChartBar } from "./bar-chart.tsx";

const dayMs = 86_400_000;
const mostDays = 400;

const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** The bars of days, newest first, as a row of days, oldest first, in which none is left out. */
export const fillDays = (newestFirst: readonly ChartBar[]): readonly ChartBar[] => {
  const first = newestFirst.at(-1);
  const last = newestFirst[0];
  if (first === undefined || last === undefined) return [];
  const values = new Map(newestFirst.map(({ name, value }) => [name, value]));
  const end = Date.parse(last.name);
  const days = Math.min(mostDays, Math.round((end - Date.parse(first.name)) / dayMs) + 1);
  return Array.from({ length: days }, (_, index) => {
    const name = dayOf(end - (days - 1 - index) * dayMs);
    return { name, value: values.get(name) ?? 0 };
  });
};
