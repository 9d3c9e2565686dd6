import { NatterError } from "../../foundation/errors.ts";

/**
 * The format of what this version writes into chunk logs: SSE frames of AI SDK 7 chunks and `data-natter-*` parts. It
 * goes up when a reader of the one before could not go along; every id of every entry carries it in its epoch.
 */
export const logFormat = 1;

const randomCharacters = 10;

/** Names one incarnation of a chunk log, and the format that it is written in: `v1x…`; may stand in an SSE id. */
export const createEpoch = (format = logFormat): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(randomCharacters));
  return `v${format}x${Array.from(bytes, (byte) => (byte % 36).toString(36)).join("")}`;
};

/** The format of the log that has this epoch; what bears no mark is of the first one. */
export const formatOf = (epoch: string): number => Number(/^v(\d{1,6})x/.exec(epoch)?.[1] ?? 1);

/** Whether this version can read, and go on with, the log that has this epoch. */
export const isOwnFormat = (epoch: string): boolean => formatOf(epoch) === logFormat;

/** For viewers of a log that another version writes: a node of that version can show it. */
export const foreignFormat = (epoch: string): NatterError =>
  new NatterError(
    "unavailable",
    `This answer is written by another version of Natter (log format ${formatOf(epoch)}, this server reads ${logFormat}); come back, to another node.`,
    { retryAfter: 5 },
  );
