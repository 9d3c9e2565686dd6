import { useId, type ReactNode } from "react";

export interface SectionProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly children: ReactNode;
}

/** A part of a page under its heading. */
export const Section = ({ title, note, children }: SectionProps) => {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mb-8">
      <h2 id={id} className="mb-2 font-semibold">
        {title}
      </h2>
      {note !== undefined && <p className="-mt-1 mb-2 text-13 text-text-3">{note}</p>}
      {children}
    </section>
  );
};
