import type { ReactNode } from "react";

export interface PanelNoteProps {
  readonly title: string;
  readonly text: string;
  /** What can be done about it. */
  readonly children?: ReactNode;
}

/** Stands where an artifact would. */
export const PanelNote = ({ title, text, children }: PanelNoteProps) => (
  <div className="grid min-h-0 flex-1 place-items-center overflow-y-auto p-6 text-center">
    <div className="flex max-w-[320px] flex-col items-center gap-2">
      <h3 className="text-16 font-semibold">{title}</h3>
      <p className="text-text-2">{text}</p>
      {children !== undefined && <div className="mt-2 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  </div>
);
