import type { ReactNode } from "react";
import { BrandMark } from "../../ui/brand-mark.tsx";

export interface FullPageProps {
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

/** A page that only says something. */
export const FullPage = ({ title, text, children }: FullPageProps) => (
  <main className="grid h-full place-items-center p-6">
    <div className="flex max-w-[440px] flex-col items-center gap-3 text-center">
      <BrandMark size={40} />
      <h1 className="mt-3 text-22 font-semibold tracking-[-0.015em] text-balance">{title}</h1>
      <p className="text-pretty text-text-2">{text}</p>
      <div className="mt-2 flex gap-2">{children}</div>
    </div>
  </main>
);
