/** What a fault script saw. It has passed when nothing is in `failures`. */
export interface FaultReport {
  readonly fault: string;
  readonly figures: Readonly<Record<string, unknown>>;
  readonly failures: readonly string[];
}

/** Milliseconds, rounded: the middle, the slowest but for one in a hundred, the slowest. */
export const summarize = (milliseconds: readonly number[]): { p50: number; p99: number; max: number } | null => {
  if (milliseconds.length === 0) return null;
  const sorted = milliseconds.toSorted((left, right) => left - right);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
};

/** How often each value is there. */
export const countBy = (values: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values.toSorted()) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

export const databaseName = (postgresUrl: string | null): string => (postgresUrl === null ? "PGlite" : "PostgreSQL");
