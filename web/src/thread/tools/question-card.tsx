import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { leaveQuestion } from "./leave-question.ts";

export interface QuestionCardProps {
  readonly title: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}

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
