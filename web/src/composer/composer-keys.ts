/** What a key means in a box that is written in. */
export type KeyAction = "send" | "send-now" | "stop" | "leave" | "edit-last";

export interface KeySituation {
  /** What Enter alone does. */
  readonly enter: "send" | "line";
  /** On a touch screen Enter always begins a line: there is no Shift to hold. */
  readonly isTouch: boolean;
  /** An answer is being written. */
  readonly isRunning: boolean;
  readonly isEmpty: boolean;
}

export type KeyPress = Pick<
  KeyboardEvent,
  "key" | "keyCode" | "isComposing" | "shiftKey" | "metaKey" | "ctrlKey" | "altKey"
>;

/** Safari ends a composition before it tells of the Enter that ended it, and marks that Enter with this code only. */
const composingKeyCode = 229;

const pressedEnter = ({ shiftKey, altKey, metaKey, ctrlKey }: KeyPress, situation: KeySituation): KeyAction | null => {
  if (shiftKey || altKey) return null;
  if (metaKey || ctrlKey) return situation.isRunning ? "send-now" : "send";
  return situation.isTouch || situation.enter === "line" ? null : "send";
};

/** What a key that is pressed in a message box means; null: what it means anywhere. */
export const pressedKey = (press: KeyPress, situation: KeySituation): KeyAction | null => {
  const { key, isComposing, keyCode, shiftKey, metaKey, ctrlKey, altKey } = press;
  if (isComposing || keyCode === composingKeyCode) return null;
  if (key === "Enter") return pressedEnter(press, situation);
  if (shiftKey || metaKey || ctrlKey || altKey) return null;
  if (key === "Escape") return situation.isRunning ? "stop" : "leave";
  return key === "ArrowUp" && situation.isEmpty ? "edit-last" : null;
};
