import { useEffect, useRef, useState } from "react";
import { type ColouredLine, createHighlightSession } from "./highlight-session.ts";
import { openHighlight } from "./highlighter.ts";

const none: readonly ColouredLine[] = [];

type Session = ReturnType<typeof createHighlightSession>;

/** The colours of `lines` as far as the worker has sent them; nothing is asked of it before `isWanted`. */
export const useHighlight = (
  lines: readonly string[],
  language: string,
  isWanted: boolean,
): readonly ColouredLine[] => {
  const [coloured, setColoured] = useState(none);
  const session = useRef<Session | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    const opened = createHighlightSession(openHighlight, setColoured);
    session.current = opened;
    return () => {
      opened.close();
      session.current = null;
    };
  }, [isWanted]);
  useEffect(() => session.current?.update({ language, lines }), [language, lines, isWanted]);
  return coloured;
};
