import type { HighlightedLine, HighlightReply } from "./highlight-protocol.ts";
import type { HighlightChannel } from "./highlighter.ts";

/** A line and the colours it had when it read `text`. */
export type ColouredLine = Readonly<{ text: string; pairs: HighlightedLine }>;

type Code = Readonly<{ language: string; lines: readonly string[] }>;

const batchSize = 200;

/** Keeps the colours of a block of code that grows: one request at a time, only for lines that are new or changed. */
export const createHighlightSession = (
  open: (listener: (reply: HighlightReply) => void) => HighlightChannel,
  onChange: (coloured: readonly ColouredLine[]) => void,
): Readonly<{ update: (code: Code) => void; close: () => void }> => {
  let wanted: Code = { language: "", lines: [] };
  let language = "";
  let coloured: readonly ColouredLine[] = [];
  let sent: readonly string[] | null = null;

  const send = (from: number, lines: readonly string[]): void => {
    sent = lines;
    language = wanted.language;
    channel.send({ language, from, lines });
  };

  const sendNext = (): void => {
    if (sent !== null) return;
    const isOther = language !== wanted.language;
    const from = isOther ? 0 : wanted.lines.findIndex((line, index) => coloured[index]?.text !== line);
    if (from >= 0 && from < wanted.lines.length) send(from, wanted.lines.slice(from, from + batchSize));
  };

  const channel = open(({ from, lines }) => {
    const texts = sent ?? [];
    sent = null;
    if (lines === null) {
      send(0, wanted.lines);
      return;
    }
    const added = texts.map((text, index) => ({ text, pairs: lines[index] ?? [] }));
    coloured = [...coloured.slice(0, from), ...added, ...coloured.slice(from + added.length)];
    onChange(coloured);
    sendNext();
  });

  return {
    update: (code) => {
      wanted = code;
      sendNext();
    },
    close: channel.close,
  };
};
