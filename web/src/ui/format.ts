const number = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumSignificantDigits: 3 });

const dollars = new Intl.NumberFormat(undefined, {
  style: "currency",
  currency: "USD",
  trailingZeroDisplay: "stripIfInteger",
});

export const formatNumber = (value: number): string => number.format(value);

/** 128K, 1M. */
export const formatCompact = (value: number): string => compact.format(value);

/** Millionths of a dollar as dollars. */
export const formatMicros = (micros: number): string => dollars.format(micros / 1_000_000);
