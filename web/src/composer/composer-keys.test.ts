import { describe, expect, it } from "vitest";
import { pressedKey, type KeyPress, type KeySituation } from "./composer-keys.ts";

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  keyCode: 0,
  isComposing: false,
  shiftKey: false,
  metaKey: false,
  ctrlKey: false,
  altKey: false,
  ...more,
});

const idle: KeySituation = { enter: "send", isTouch: false, isRunning: false, isEmpty: false };
const running: KeySituation = { ...idle, isRunning: true };

describe("keys in the message box (C9, N4)", () => {
  it("sends with Enter and begins a line with Shift", () => {
    expect(pressedKey(press("Enter"), idle)).toBe("send");
    expect(pressedKey(press("Enter", { shiftKey: true }), idle)).toBeNull();
  });

  it("begins a line with Enter on touch screens and where a person wants that, and sends with the other", () => {
    expect(pressedKey(press("Enter"), { ...idle, isTouch: true })).toBeNull();
    expect(pressedKey(press("Enter"), { ...idle, enter: "line" })).toBeNull();
    expect(pressedKey(press("Enter", { metaKey: true }), { ...idle, enter: "line" })).toBe("send");
  });

  it("does nothing while letters are being composed, and with the Enter that ends it in Safari", () => {
    for (const key of ["Enter", "Escape", "ArrowUp"]) {
      expect(pressedKey(press(key, { isComposing: true }), { ...running, isEmpty: true })).toBeNull();
      expect(pressedKey(press(key, { keyCode: 229 }), { ...running, isEmpty: true })).toBeNull();
    }
  });

  it("queues with Enter while an answer is written, and stops it with ⌘ or Ctrl", () => {
    expect(pressedKey(press("Enter"), running)).toBe("send");
    expect(pressedKey(press("Enter", { metaKey: true }), running)).toBe("send-now");
    expect(pressedKey(press("Enter", { ctrlKey: true }), running)).toBe("send-now");
  });

  it("stops with Escape, and leaves the box when nothing runs", () => {
    expect(pressedKey(press("Escape"), running)).toBe("stop");
    expect(pressedKey(press("Escape"), idle)).toBe("leave");
  });

  it("edits the last message with ↑ only in an empty box", () => {
    expect(pressedKey(press("ArrowUp"), { ...idle, isEmpty: true })).toBe("edit-last");
    expect(pressedKey(press("ArrowUp"), idle)).toBeNull();
    expect(pressedKey(press("ArrowUp", { shiftKey: true }), { ...idle, isEmpty: true })).toBeNull();
  });
});
