import { useEffect, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { uiTexts } from "../ui-texts.ts";

export interface ConfirmButtonProps {
  /** What it does. */
  readonly label: string;
  /** The same with what it does it to, which is asked before. */
  readonly question: string;
  readonly disabled?: boolean;
  readonly onConfirm: () => void;
}

/** A button for what can't be taken back: it asks once more, in its place. */
export const ConfirmButton = ({ label, question, disabled = false, onConfirm }: ConfirmButtonProps) => {
  const [isAsking, setIsAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) keep.current?.focus();
  }, [isAsking]);
  if (!isAsking)
    return (
      <Button look="plain" aria-label={question} disabled={disabled} onClick={() => setIsAsking(true)}>
        {label}
      </Button>
    );
  return (
    <span role="group" aria-label={question} className="flex gap-1">
      <Button
        look="danger"
        onClick={() => {
          setIsAsking(false);
          onConfirm();
        }}
      >
        {label}
      </Button>
      <Button ref={keep} look="plain" onClick={() => setIsAsking(false)}>
        {uiTexts.keep}
      </Button>
    </span>
  );
};
