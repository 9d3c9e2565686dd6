import { replay, type Replay } from "../completions/replay.ts";
import type { Accepted } from "../conversations/accept.ts";
import { notFound } from "../protocol/access.ts";
import { startChunk } from "../protocol/chunk.ts";
import { formatFrame, formatPosition } from "../protocol/frames.ts";
import type { CompletionKey } from "../ports/queue.ts";
import { answerNothing, type Arrival } from "./call.ts";
import { defaultHttpLimits, type HttpDependencies } from "./dependencies.ts";
import { openEventStream, type EventStream } from "./event-stream.ts";
import { follow, type FollowEnd, type FollowSink } from "./follow.ts";
import type { SeenPosition } from "./last-event-id.ts";
import { retryEvent, type OpenStreams } from "./open-streams.ts";

export interface ViewDependencies extends HttpDependencies {
  readonly streams: OpenStreams;
}

const rowEpoch = "row";
const done = Buffer.from("data: [DONE]\n\n");
/** How often a viewer of a log that does not come looks at the rows: the completion may have ended without one. */
const lookMs = 5_000;

interface View {
  readonly key: CompletionKey;
  /** Absent: the log of whatever epoch comes. */
  readonly epoch?: string;
  readonly after: number;
  /** Sent first: what the viewer must have seen before `after`. */
  readonly preface: string;
}

const finish = (stream: EventStream, end: FollowEnd): void => {
  switch (end) {
    case "ended":
      stream.write(done);
      return stream.end();
    case "slow":
      return stream.destroy();
    case "epoch":
    case "gap":
      stream.write(retryEvent());
      return stream.end();
  }
};

/** The chunks of a completion as its rows tell them, after a position, with ids of the epoch `row`. */
const rowFrames = ({ chunks }: Replay, after: number): string =>
  chunks
    .map((chunk, index) => formatFrame({ id: formatPosition(rowEpoch, index + 1), chunk }))
    .slice(after)
    .join("");

/** Looks from time to time whether a completion without a log has ended, and tells the rest from its rows then. */
const guardAgainstNoLog = (dependencies: ViewDependencies, stream: EventStream, key: CompletionKey): (() => void) => {
  const look = async (): Promise<void> => {
    const [head, told] = [
      await dependencies.log.read(key.completionId, 0, 1),
      await replay(dependencies.context.database, key),
    ];
    if (head !== null || told === null || told.ending === null || stream.signal.aborted) return;
    stream.write(rowFrames(told, 1));
    finish(stream, "ended");
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) =>
      dependencies.logger.warn({ error, completionId: key.completionId }, "looking for a missing log failed"),
    );
  }, lookMs);
  timer.unref();
  const stop = (): void => clearInterval(timer);
  stream.signal.addEventListener("abort", stop, { once: true });
  return stop;
};

const watch = (dependencies: ViewDependencies, arrival: Arrival, view: View): Response => {
  const { response, stream } = openEventStream(arrival);
  if (stream === null) return response;
  const { log, streams, logger, limits } = dependencies;
  const { completionId } = view.key;
  if (view.preface !== "") stream.write(view.preface);
  // after the preface: where all streams are closed already, this one is ended here
  streams.add(stream);
  const stopGuard = view.epoch === undefined ? guardAgainstNoLog(dependencies, stream, view.key) : () => {};
  const sink: FollowSink = {
    write: (frames) => {
      stopGuard();
      stream.write(frames);
    },
    backlog: () => stream.backlog(),
    drained: () => stream.drained(),
    end: (reason) => finish(stream, reason),
  };
  const viewerBytes = limits?.viewerBytes ?? defaultHttpLimits.viewerBytes;
  follow(log, { completionId, after: view.after, epoch: view.epoch }, sink, {
    signal: stream.signal,
    logger,
    viewerBytes,
  }).catch((error: unknown) => {
    logger.error({ error, completionId, requestId: arrival.requestId }, "a viewer's stream broke off");
    finish(stream, "gap");
  });
  return response;
};

/** The stream of a completion that was accepted just now: `start` from the rows at once, then the log from position 2. */
export const watchFromStart = (dependencies: ViewDependencies, arrival: Arrival, accepted: Accepted): Response => {
  const { workspaceId, completionId, messageId, conversationId, userMessageId, sequence } = accepted;
  const start = startChunk(messageId, { conversationId, completionId, userMessageId, sequence });
  return watch(dependencies, arrival, {
    key: { workspaceId, completionId },
    after: 1,
    preface: formatFrame({ chunk: start }),
  });
};

/** The position after which a viewer goes on; 0: it starts over. */
const resumeAfter = (seen: SeenPosition | null, epoch: string, last: number): number =>
  seen !== null && seen.epoch === epoch && seen.position <= last ? seen.position : 0;

const tellRows = (arrival: Arrival, told: Replay, after: number): Response => {
  const { response, stream } = openEventStream(arrival);
  if (stream === null) return response;
  stream.write(rowFrames(told, after));
  finish(stream, "ended");
  return response;
};

/**
 * The stream of a completion for somebody who comes to it, perhaps again (promise 2): everything after what was seen, or a
 * full replay from `start`; from the rows once its log is gone; 204 when there is nothing left to say.
 */
export const attach = async (
  dependencies: ViewDependencies,
  arrival: Arrival,
  key: CompletionKey,
  seen: SeenPosition | null,
): Promise<Response> => {
  const head = await dependencies.log.read(key.completionId, 0, 1);
  if (head !== null && head.last > 0) {
    const after = resumeAfter(seen, head.epoch, head.last);
    if (head.ended && after === head.last) return answerNothing(arrival);
    return watch(dependencies, arrival, { key, epoch: head.epoch, after, preface: "" });
  }
  const told = await replay(dependencies.context.database, key);
  if (told === null) throw notFound("completion");
  if (told.ending === null)
    return watch(dependencies, arrival, { key, after: 1, preface: formatFrame({ chunk: told.start }) });
  const after = resumeAfter(seen, rowEpoch, told.chunks.length);
  return after === told.chunks.length ? answerNothing(arrival) : tellRows(arrival, told, after);
};
