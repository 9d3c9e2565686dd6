import { type FollowEnd, type FollowOptions, type FollowSink, follow } from "../../http/streams/follow.ts";
import type { ChunkLog } from "../../ports/chunk-log.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import { parseFrames, parsePosition } from "../../protocol/message/frames.ts";

/** A frame as a viewer received it. */
export interface SeenFrame {
  readonly epoch: string;
  readonly position: number;
  readonly chunk: Chunk;
}

export interface ViewerPlan {
  /** The viewer's connection breaks after so many frames, again and again until the list is used up. */
  readonly cuts: readonly number[];
  /** How many frames the viewer takes from its socket per turn of the event loop. */
  readonly framesPerTurn: number;
  /** Bytes that its socket's buffer holds before it counts as full. */
  readonly bufferBytes: number;
  /** Whether `start` was sent from the rows, so that a first connection asks for what comes after it. */
  readonly knowsStart: boolean;
}

export interface Viewing {
  /** The position it last started over from: 0, or 1 where it knew `start`. */
  readonly after: number;
  /** What it has seen since. */
  readonly seen: readonly SeenFrame[];
}

interface Socket {
  readonly sink: FollowSink;
  /** Resolves when the viewer has taken what it ever will from this connection. */
  readonly over: Promise<FollowEnd | "cut">;
}

const seenFrames = (frames: Buffer): (SeenFrame & { readonly bytes: number })[] => {
  const parsed = parseFrames(frames);
  return parsed.map(({ id, chunk }) => {
    const at = parsePosition(id);
    if (at === null) throw new Error(`"${id}" is no id of a frame`);
    return { ...at, chunk, bytes: frames.length / parsed.length };
  });
};

/** A socket whose other side takes a few frames per turn; what is in its buffer when it breaks is lost. */
const createSocket = (plan: ViewerPlan, take: (frame: SeenFrame) => boolean): Socket => {
  const { promise: over, resolve } = Promise.withResolvers<FollowEnd | "cut">();
  const buffer: (SeenFrame & { readonly bytes: number })[] = [];
  const waiting: (() => void)[] = [];
  let end: FollowEnd | undefined;
  let isBroken = false;
  let isPumping = false;
  const backlog = (): number => buffer.reduce((sum, { bytes }) => sum + bytes, 0);
  const stop = (reason: FollowEnd | "cut"): void => {
    isBroken = true;
    resolve(reason);
    for (const release of waiting.splice(0)) release();
  };
  const pump = (): void => {
    isPumping = false;
    for (const frame of buffer.splice(0, plan.framesPerTurn)) {
      if (!isBroken && !take(frame)) stop("cut");
    }
    if (isBroken) return;
    if (backlog() < plan.bufferBytes) for (const release of waiting.splice(0)) release();
    if (buffer.length > 0) schedule();
    else if (end !== undefined) stop(end);
  };
  const schedule = (): void => {
    if (!isPumping) setImmediate(pump);
    isPumping = true;
  };
  const sink: FollowSink = {
    write: (frames) => {
      if (isBroken || end !== undefined) throw new Error("written to after the end");
      buffer.push(...seenFrames(frames));
      schedule();
    },
    backlog,
    drained: () =>
      isBroken || backlog() < plan.bufferBytes
        ? Promise.resolve()
        : new Promise((release) => void waiting.push(release)),
    end: (reason) => {
      if (end !== undefined || isBroken) throw new Error("ended twice, or after the viewer left");
      end = reason;
      if (reason === "ended") schedule();
      else stop(reason);
    },
  };
  return { sink, over };
};

/**
 * Watches a completion to its end as a browser does: comes back with the last id it has when its connection breaks
 * or was cut for slowness, and starts over when it is told so.
 */
export const viewToEnd = async (
  log: ChunkLog,
  completionId: string,
  plan: ViewerPlan,
  options: Omit<FollowOptions, "signal">,
): Promise<Viewing> => {
  const cuts = [...plan.cuts];
  let seen: SeenFrame[] = [];
  let start = plan.knowsStart ? 1 : 0;
  for (;;) {
    const last = seen.at(-1);
    const leaving = new AbortController();
    let left = cuts.shift() ?? Number.POSITIVE_INFINITY;
    const { sink, over } = createSocket(plan, (frame) => {
      seen.push(frame);
      left -= 1;
      return left > 0;
    });
    const after = last?.position ?? start;
    const following = follow(log, { completionId, after, epoch: last?.epoch }, sink, {
      ...options,
      signal: leaving.signal,
    });
    const end = await over;
    leaving.abort();
    await following;
    if (end === "ended") return { after: start, seen };
    if (end === "epoch" || end === "gap") {
      seen = [];
      start = 0;
    }
  }
};
