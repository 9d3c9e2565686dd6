import { useId, useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { leaveQuestion } from "./leave-question.ts";

export interface QuestionCardProps {
  readonly title: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}

/** Escape leaves the question open; elsewhere it stops the answer, and would deny what nobody has looked at. */
const leaveByEscape = (event: KeyboardEvent): void => {
  if (event.key !== "Escape" || event.defaultPrevented || event.nativeEvent.isComposing) return;
  event.preventDefault();
  document.getElementById("composer")?.focus();
};

/** Something that waits for a person. F6 leads to it; nothing in it is done by a key that was meant for another place. */
export const QuestionCard = ({ title, icon, children }: QuestionCardProps) => {
  const card = useRef<HTMLDivElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const element = card.current;
    return () => {
      if (element !== null) leaveQuestion(element);
    };
  }, []);
  return (
    <div data-region="question">
      <div
        ref={card}
        role="group"
        data-question=""
        tabIndex={0}
        onKeyDown={leaveByEscape}
        aria-labelledby={titleId}
        className="rounded-medium border border-warn-line bg-warn-soft px-4 py-3.5"
      >
        <header className="flex items-center gap-[9px] text-warn">
          {icon}
          <h3 id={titleId} dir="auto" className="min-w-0 font-semibold text-text wrap-anywhere">
            {title}
          </h3>
        </header>
        {children}
      </div>
    </div>
  );
};
