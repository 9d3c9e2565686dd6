const whole = new Intl.NumberFormat("en");

/** `14 s`, `2 min 5 s`. */
export const formatElapsed = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** `0.8 s` under ten seconds, then as `formatElapsed`. */
export const formatDuration = (milliseconds: number): string =>
  milliseconds < 10_000 ? `${(Math.max(0, milliseconds) / 1_000).toFixed(1)} s` : formatElapsed(milliseconds);

/** `1 second`, `6 seconds`, as it is said in a sentence. */
export const formatSeconds = (milliseconds: number): string => {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000));
  return `${whole.format(seconds)} ${seconds === 1 ? "second" : "seconds"}`;
};

/** `1,204 tokens`. */
export const formatTokens = (tokens: number): string => `${whole.format(tokens)} ${tokens === 1 ? "token" : "tokens"}`;

/** Millionths of a dollar as `$0.11`, and small ones as `$0.0004`. */
export const formatCost = (micros: number): string => {
  const dollars = micros / 1_000_000;
  return `$${dollars >= 0.01 || dollars === 0 ? dollars.toFixed(2) : dollars.toPrecision(1)}`;
};

/** `214 KB`. */
export const formatBytes = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
