import type { ReactNode } from "react";

export interface SectionProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly children: ReactNode;
}

/** A part of a page under its heading; no landmark of its own, since its tables are. */
export const Section = ({ title, note, children }: SectionProps) => (
  <section className="mb-8">
    <h2 className="mb-2 font-semibold">{title}</h2>
    {note !== undefined && <p className="-mt-1 mb-2 text-13 text-text-3">{note}</p>}
    {children}
  </section>
);
