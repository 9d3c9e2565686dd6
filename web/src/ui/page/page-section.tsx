import type { ReactNode } from "react";

/** A part of a page, under its own heading. */
export const PageSection = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="mt-6 border-t border-line pt-4">
    <h3 className="mb-2.5 text-14 font-semibold">{title}</h3>
    {children}
  </section>
);
