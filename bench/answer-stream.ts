import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { AnswerPlan } from "./answer-plan.ts";
import { createTimerWheel } from "./timer-wheel.ts";

interface AnswerStream {
  readonly plan: AnswerPlan;
  readonly socket: Socket;
  /** When the first event is due, in the time of `performance.now()`. */
  readonly start: number;
  readonly finish: () => void;
  /** How many events are written. */
  sent: number;
  open: boolean;
}

const callAt = createTimerWheel();
const writesPerTurn = 8;

const write = (stream: AnswerStream, until: number): boolean => {
  const { events, offsets } = stream.plan;
  const bytes = events.subarray(offsets[stream.sent], offsets[until]);
  stream.sent = until;
  return bytes.length === 0 || stream.socket.write(bytes);
};

const isWhole = ({ sent, plan }: AnswerStream): boolean => sent === plan.offsets.length - 1;

const writeSlowly = (stream: AnswerStream): void => {
  if (!stream.open) return;
  const { plan, start } = stream;
  const due = Math.floor((performance.now() + 0.5 - start) / plan.shape.pause) + 1;
  if (due > stream.sent) write(stream, Math.min(plan.offsets.length - 1, due));
  if (isWhole(stream)) stream.finish();
  else callAt(start + stream.sent * plan.shape.pause, () => writeSlowly(stream));
};

const writeFast = (stream: AnswerStream): void => {
  const { plan, socket } = stream;
  for (let writes = 0; stream.open && writes < writesPerTurn; writes += 1) {
    const drained = write(stream, Math.min(plan.offsets.length - 1, stream.sent + plan.shape.eventsPerWrite));
    if (isWhole(stream)) return stream.finish();
    if (!drained) return void socket.once("drain", () => writeFast(stream));
  }
  if (stream.open) setImmediate(writeFast, stream);
};

/** Streams a planned answer in its time; tells once whether it went out whole or the client left before. */
export const streamAnswer = (response: ServerResponse, plan: AnswerPlan, onEnd: (whole: boolean) => void): void => {
  const { socket } = response;
  if (!socket) return onEnd(false);
  const end = (whole: boolean): void => {
    if (!stream.open) return;
    stream.open = false;
    onEnd(whole);
  };
  const finish = (): void => {
    socket.write(plan.tail);
    response.end();
    end(true);
  };
  const stream: AnswerStream = {
    plan,
    socket,
    start: performance.now() + plan.shape.delay,
    finish,
    sent: 0,
    open: true,
  };
  response.once("close", () => end(false));
  response.writeHead(200, { "content-type": "text/event-stream", "transfer-encoding": "chunked" });
  response.flushHeaders();
  socket.write(plan.head);
  if (plan.shape.pause > 0) callAt(stream.start, () => writeSlowly(stream));
  else if (plan.shape.delay > 0) callAt(stream.start, () => writeFast(stream));
  else writeFast(stream);
};
