/** A few words about what happened elsewhere, or what can be taken back. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "danger";
  /** Takes back what it tells of. */
  readonly onUndo?: (() => void) | undefined;
}

const listeners = new Set<() => void>();
const mostShown = 3;
let notices: readonly Notice[] = [];
let lastId = 0;

const change = (next: readonly Notice[]): void => {
  notices = next;
  for (const listener of listeners) listener();
};

export const getNotices = (): readonly Notice[] => notices;

export const subscribeNotices = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Shows a notice until it is dismissed, or read. */
export const notify = (
  text: string,
  { onUndo, tone = "plain" }: Partial<Pick<Notice, "onUndo" | "tone">> = {},
): void => {
  lastId += 1;
  change([...notices, { id: lastId, text, tone, onUndo }].slice(-mostShown));
};

export const dismissNotice = (id: number): void => change(notices.filter((notice) => notice.id !== id));
