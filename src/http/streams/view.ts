import { replay, type Replay } from "../../completions/log/replay.ts";
import { restoreLog } from "../../completions/log/restore-log.ts";
import type { Accepted } from "../../conversations/sending/accept.ts";
import { notFound } from "../../protocol/people/access.ts";
import { startChunk } from "../../protocol/message/chunk.ts";
import { formatFrame, formatPosition } from "../../protocol/message/frames.ts";
import { foreignFormat, isOwnFormat } from "../../protocol/message/log-format.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import { answerNothing, type Arrival } from "../request/call.ts";
import { defaultHttpLimits, type HttpDependencies } from "../dependencies.ts";
import { openEventStream, type EventStream } from "./event-stream.ts";
import { FollowLimit } from "./follow-limit.ts";
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

/** A completion, and where it is to be seen. */
export interface ShownKey extends CompletionKey {
  readonly conversationId: string;
}

/** A place in a log that a viewer goes on from. */
export interface View {
  readonly key: ShownKey;
  /** Absent: the log of whatever epoch comes. */
  readonly epoch?: string;
  readonly after: number;
  /** Sent first: what the viewer must have seen before `after`. */
  readonly preface: string;
  /** Sets the limit when the viewer is to stop before the end; until it has left. */
  readonly pauses?: (limit: FollowLimit, signal: AbortSignal) => void;
}

/** How a stream ends that stops to wait for an answer. */
const waitingFinish = formatFrame({ chunk: { type: "finish", finishReason: "tool-calls" } });

const finish = (stream: EventStream, end: FollowEnd): void => {
  switch (end) {
    case "ended":
      stream.write(done);
      return stream.end();
    case "limit":
      stream.write(waitingFinish);
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

/** What a viewer is owed: nothing more, all from the rows, or a log that is followed. */
export type Showing =
  | { readonly from: "nothing" }
  | { readonly from: "rows"; readonly frames: string }
  | { readonly from: "log"; readonly view: View };

/** The chunks of a completion as its rows tell them, after a position, with ids of the epoch `row`. */
const rowFrames = ({ chunks }: Replay, after: number): string =>
  chunks
    .map((chunk, index) => formatFrame({ id: formatPosition(rowEpoch, index + 1), chunk }))
    .slice(after)
    .join("");

/** Looks from time to time whether a completion without a log has ended, and tells the rest from its rows then. */
const guardAgainstNoLog = (dependencies: HttpDependencies, stream: EventStream, key: CompletionKey): (() => void) => {
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

const followLog = (dependencies: HttpDependencies, stream: EventStream, view: View, pageBytes?: number): void => {
  const { log, logger, limits } = dependencies;
  const { completionId } = view.key;
  if (view.preface !== "") stream.write(view.preface);
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
  const limit = new FollowLimit();
  view.pauses?.(limit, stream.signal);
  follow(log, { completionId, after: view.after, epoch: view.epoch }, sink, {
    signal: stream.signal,
    logger,
    viewerBytes,
    limit,
    ...(pageBytes === undefined ? {} : { pageBytes }),
  }).catch((error: unknown) => {
    logger.error({ error, completionId }, "a viewer's stream broke off");
    finish(stream, "gap");
  });
};

/** Delivers what a viewer is owed into its stream, whatever carries it. `pageBytes`: how much history at a time. */
export const show = (
  dependencies: HttpDependencies,
  stream: EventStream,
  showing: Showing,
  pageBytes?: number,
): void => {
  switch (showing.from) {
    case "nothing":
      return finish(stream, "ended");
    case "rows":
      stream.write(showing.frames);
      return finish(stream, "ended");
    case "log":
      return followLog(dependencies, stream, showing.view, pageBytes);
  }
};

const answerStream = (dependencies: ViewDependencies, arrival: Arrival, showing: Showing): Response => {
  const { response, stream } = openEventStream(arrival);
  if (stream === null) return response;
  show(dependencies, stream, showing);
  if (showing.from === "log") arrival.admitted?.looksAt(showing.view.key.conversationId, stream);
  // after the first frame: where all streams are closed already, this one is ended here
  dependencies.streams.add(stream);
  return response;
};

/** What the viewer of a completion that was accepted just now is owed: `start` from the rows at once, then the log from position 2. */
export const showingFromStart = (accepted: Accepted): Showing => {
  const { workspaceId, completionId, messageId, conversationId, userMessageId, sequence } = accepted;
  const start = startChunk(messageId, { conversationId, completionId, userMessageId, sequence });
  return {
    from: "log",
    view: { key: { workspaceId, completionId, conversationId }, after: 1, preface: formatFrame({ chunk: start }) },
  };
};

/** The stream of a completion that was accepted just now. */
export const watchFromStart = (dependencies: ViewDependencies, arrival: Arrival, accepted: Accepted): Response =>
  answerStream(dependencies, arrival, showingFromStart(accepted));

/** The position after which a viewer goes on; 0: it starts over. */
const resumeAfter = (seen: SeenPosition | null, epoch: string, last: number): number =>
  seen !== null && seen.epoch === epoch && seen.position <= last ? seen.position : 0;

/**
 * What somebody is owed who comes to a completion, perhaps again (promise 2): everything after what was seen, or a full
 * replay from `start`; from the rows once its log is gone.
 */
export const findShowing = async (
  dependencies: HttpDependencies,
  { workspaceId, completionId, conversationId }: ShownKey,
  seen: SeenPosition | null,
  isRestored = false,
): Promise<Showing> => {
  const { log, context } = dependencies;
  const key = { workspaceId, completionId, conversationId };
  const head = await log.read(key.completionId, 0, 1);
  if (head !== null && !isOwnFormat(head.epoch)) throw foreignFormat(head.epoch);
  if (head !== null && head.last > 0) {
    const after = resumeAfter(seen, head.epoch, head.last);
    if (head.ended && after === head.last) return { from: "nothing" };
    return { from: "log", view: { key, epoch: head.epoch, after, preface: "" } };
  }
  const told = await replay(context.database, key);
  if (told === null) throw notFound("completion");
  if (told.isWaiting && !isRestored) {
    await restoreLog(context.database, log, key);
    return findShowing(dependencies, key, seen, true);
  }
  if (told.ending === null)
    return { from: "log", view: { key, after: 1, preface: formatFrame({ chunk: told.start }) } };
  const after = resumeAfter(seen, rowEpoch, told.chunks.length);
  return after === told.chunks.length ? { from: "nothing" } : { from: "rows", frames: rowFrames(told, after) };
};

/** What a viewer is owed, as a stream; 204 when there is nothing. */
export const answerShowing = (dependencies: ViewDependencies, arrival: Arrival, showing: Showing): Response =>
  showing.from === "nothing" ? answerNothing(arrival) : answerStream(dependencies, arrival, showing);

/** The stream of a completion for somebody who comes to it, perhaps again; 204 when there is nothing left to say. */
export const attach = async (
  dependencies: ViewDependencies,
  arrival: Arrival,
  key: ShownKey,
  seen: SeenPosition | null,
): Promise<Response> => answerShowing(dependencies, arrival, await findShowing(dependencies, key, seen));
