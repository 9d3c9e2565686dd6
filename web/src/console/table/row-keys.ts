import type { KeyboardEvent } from "react";

const steps: Readonly<Record<string, 1 | -1>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** Goes from row to row of a table by j and k or the arrows. */
export const moveByKeys = (event: KeyboardEvent<HTMLElement>): void => {
  const step = event.metaKey || event.ctrlKey || event.altKey ? undefined : steps[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("tbody tr button")];
  const place = rows.findIndex((row) => row === document.activeElement);
  const next = rows[place < 0 ? 0 : place + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
};
