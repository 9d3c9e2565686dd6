import { useEffect, useRef, type RefObject } from "react";

/** Gives the focus back to what was replaced for a while, unless it has gone somewhere else meanwhile. */
export const useReturnFocus = <Part extends HTMLElement>(isReplaced: boolean): RefObject<Part | null> => {
  const part = useRef<Part>(null);
  const wasReplaced = useRef(false);
  useEffect(() => {
    if (wasReplaced.current && !isReplaced && document.activeElement === document.body) part.current?.focus();
    wasReplaced.current = isReplaced;
  }, [isReplaced]);
  return part;
};
