/** What was said and the log has not acknowledged yet. */
export interface LogLag {
  readonly positions: number;
  /** How long the oldest of it has been waiting. */
  readonly milliseconds: number;
}

export const noLag: LogLag = { positions: 0, milliseconds: 0 };

export const addLag = (one: LogLag, other: LogLag): LogLag => ({
  positions: one.positions + other.positions,
  milliseconds: Math.max(one.milliseconds, other.milliseconds),
});
