import type { HighlightReply } from "../../markdown/highlight/highlight-protocol.ts";
import type { ColouredLine } from "../../markdown/highlight/highlight-session.ts";
import type { HighlightChannel } from "../../markdown/highlight/highlighter.ts";

const batchSize = 200;

/** The colours of a text that is being written, line by line from its beginning. */
export interface TextColours {
  /** The text as it is now, and how many of its lines are to have colours. */
  update(this: void, lines: readonly string[], wanted: number): void;
  /** What is known of a line by its index, or of what stood there a moment ago. */
  at(this: void, index: number): ColouredLine | undefined;
  close(this: void): void;
}

const commonStart = (left: readonly string[], right: readonly string[]): number => {
  const most = Math.min(left.length, right.length);
  let count = 0;
  while (count < most && left[count] === right[count]) count += 1;
  return count;
};

const commonEnd = (left: readonly string[], right: readonly string[], most: number): number => {
  let count = 0;
  while (count < most && left.at(-1 - count) === right.at(-1 - count)) count += 1;
  return count;
};

type Known = readonly (ColouredLine | undefined)[];

/** What is known of the lines when others stand there, and how many at the beginning are the same. */
const follow = (known: Known, lines: readonly string[], next: readonly string[]) => {
  const start = commonStart(lines, next);
  const end = commonEnd(lines, next, Math.min(lines.length, next.length) - start);
  const all = Array.from(lines, (_, index) => known[index]);
  const changed = all.slice(start, lines.length - end);
  const kept = Array.from({ length: next.length - start - end }, (_, index) => changed[index]);
  return { start, known: [...all.slice(0, start), ...kept, ...all.slice(lines.length - end)] };
};

/**
 * A line's colours follow from all lines before it: after a change they are asked for again from there on, a batch at a
 * time; meanwhile the lines below keep theirs, also when they move.
 */
export const createTextColours = (
  language: string,
  open: (listener: (reply: HighlightReply) => void) => HighlightChannel,
  onChange: () => void,
): TextColours => {
  let lines: readonly string[] = [];
  let known: (ColouredLine | undefined)[] = [];
  let wanted = 0;
  let upToDate = 0;
  let sent: readonly string[] | null = null;

  const sendNext = (): void => {
    const end = Math.min(wanted, lines.length, upToDate + batchSize);
    if (sent !== null || upToDate >= end) return;
    sent = lines.slice(upToDate, end);
    channel.send({ language, from: upToDate, lines: sent });
  };

  const channel = open(({ from, lines: coloured }) => {
    const asked = sent ?? [];
    sent = null;
    if (coloured === null) upToDate = 0;
    else if (from === upToDate) {
      for (const [index, text] of asked.entries()) {
        if (lines[from + index] !== text) break;
        known[from + index] = { text, pairs: coloured[index] ?? [] };
        upToDate = from + index + 1;
      }
      onChange();
    }
    sendNext();
  });

  return {
    update(next, count) {
      const followed = next === lines ? { start: lines.length, known } : follow(known, lines, next);
      ({ known } = followed);
      upToDate = Math.min(upToDate, followed.start);
      lines = next;
      wanted = count;
      sendNext();
    },
    at: (index) => known[index],
    close: channel.close,
  };
};
