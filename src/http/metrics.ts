/** Who watches from this node by one transport. */
export interface Viewers {
  readonly transport: "sse" | "websocket";
  readonly open: number;
  /** Bytes that were written and not yet taken, of all of them. */
  readonly backlogBytes: number;
  /** The same, of the one that lags most. */
  readonly worstBacklogBytes: number;
}

/** What this node's HTTP surface counts, and how it is read. */
export interface HttpMetrics {
  /** A request was answered; `route` is the pattern, never the path. */
  countRequest(route: string, method: string, status: number): void;
  /** Says where the open streams and sockets are counted. */
  watchViewers(count: () => readonly Viewers[]): void;
  /** The exposition format of Prometheus. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export const countViewers = (
  transport: Viewers["transport"],
  viewers: Iterable<{ readonly backlog: () => number }>,
): Viewers => {
  const backlogs = Array.from(viewers, (viewer) => viewer.backlog());
  const backlogBytes = backlogs.reduce((sum, bytes) => sum + bytes, 0);
  const worstBacklogBytes = backlogs.reduce((worst, bytes) => Math.max(worst, bytes), 0);
  return { transport, open: backlogs.length, backlogBytes, worstBacklogBytes };
};
