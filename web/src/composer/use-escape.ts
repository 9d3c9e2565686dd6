import { useEffect } from "react";

/** Escape stops what runs, wherever the focus is, unless it closed something. */
export const useEscape = (isRunning: boolean, stop: () => void): void => {
  useEffect(() => {
    if (!isRunning) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      stop();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [isRunning, stop]);
};
