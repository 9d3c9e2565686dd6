/** What a set of measured times comes to, in milliseconds; zeros when there are none. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** The value that a share of them is not above. */
export const percentile = (values: readonly number[], share: number): number =>
  quantile(
    values.toSorted((left, right) => left - right),
    share,
  );

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export const spreadOf = (samples: readonly number[]): Spread => {
  const sorted = samples.toSorted((left, right) => left - right);
  return { count: sorted.length, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? 0 };
};
