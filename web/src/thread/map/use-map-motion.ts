import { useRef, useState, type SVGProps } from "react";
import type { Frame } from "./map-view.ts";

/** How the map was moved: magnified so many times, then shifted by pixels. */
export interface Motion {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface MapMotion {
  readonly motion: Motion;
  readonly closer: () => void;
  readonly farther: () => void;
  readonly reset: () => void;
  readonly handlers: Required<
    Pick<SVGProps<SVGSVGElement>, "onKeyDown" | "onPointerDown" | "onPointerMove" | "onPointerUp">
  >;
}

const still: Motion = { scale: 1, x: 0, y: 0 };
const mostScale = 16;
const factor = 1.6;
const step = 60;

/** So far that something of the frame stays on the map. */
const within = ({ scale, x, y }: Motion, { width, height }: Frame): Motion => ({
  scale,
  x: Math.min(width / 2, Math.max(width / 2 - width * scale, x)),
  y: Math.min(height / 2, Math.max(height / 2 - height * scale, y)),
});

const magnified = (motion: Motion, by: number, { width, height }: Frame): Motion => {
  const scale = Math.min(mostScale, Math.max(1, motion.scale * by));
  const ratio = scale / motion.scale;
  return { scale, x: width / 2 - (width / 2 - motion.x) * ratio, y: height / 2 - (height / 2 - motion.y) * ratio };
};

type Handlers = MapMotion["handlers"];

/** Shifts by a pointer that is held down. */
const usePointer = (
  { width }: Frame,
  shift: (x: number, y: number) => void,
): Pick<Handlers, "onPointerDown" | "onPointerMove" | "onPointerUp"> => {
  const held = useRef<{ readonly x: number; readonly y: number; readonly perPixel: number } | null>(null);
  return {
    onPointerDown: ({ currentTarget, pointerId, pointerType, button, clientX, clientY }) => {
      // a finger scrolls the page
      if (pointerType === "touch" || button !== 0) return;
      currentTarget.setPointerCapture(pointerId);
      held.current = { x: clientX, y: clientY, perPixel: width / currentTarget.clientWidth };
    },
    onPointerMove: ({ clientX, clientY }) => {
      const from = held.current;
      if (from === null) return;
      shift((clientX - from.x) * from.perPixel, (clientY - from.y) * from.perPixel);
      held.current = { ...from, x: clientX, y: clientY };
    },
    onPointerUp: () => {
      held.current = null;
    },
  };
};

/** A map that is moved by keys, by a pointer that is held down, and by buttons. */
export const useMapMotion = (frame: Frame): MapMotion => {
  const [motion, setMotion] = useState(still);
  const zoom = (by: number): void => setMotion((before) => within(magnified(before, by, frame), frame));
  const shift = (x: number, y: number): void =>
    setMotion((before) => within({ ...before, x: before.x + x, y: before.y + y }, frame));
  const closer = (): void => zoom(factor);
  const farther = (): void => zoom(1 / factor);
  const reset = (): void => setMotion(still);
  const moves: Readonly<Record<string, () => void>> = {
    "+": closer,
    "=": closer,
    "-": farther,
    "0": reset,
    ArrowLeft: () => shift(step, 0),
    ArrowRight: () => shift(-step, 0),
    ArrowUp: () => shift(0, step),
    ArrowDown: () => shift(0, -step),
  };
  const onKeyDown: Handlers["onKeyDown"] = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    moves[event.key]?.();
  };
  return { motion, closer, farther, reset, handlers: { onKeyDown, ...usePointer(frame, shift) } };
};
