const number = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });

export const formatNumber = (value: number): string => number.format(value);

/** 128K, 1M. */
export const formatCompact = (value: number): string => compact.format(value);
