import type { ReactNode } from "react";
import { CopyButton } from "../thread/answer/copy-button.tsx";
import { Button } from "../ui/button.tsx";
import { peopleTexts } from "./people-texts.ts";

/** A part of a page, under its own heading. */
export const PageSection = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="mt-6 border-t border-line pt-4">
    <h3 className="mb-2.5 text-14 font-semibold">{title}</h3>
    {children}
  </section>
);

/** Why something was refused; there also while there is nothing to say, so that it is heard. */
export const Refusal = ({ error }: { readonly error: string | null }) => (
  <p role="alert" className="mt-2 text-13 text-pretty text-danger empty:hidden">
    {error}
  </p>
);

export interface ShownOnceProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onDone: () => void;
}

/** Something that nobody will see again, to be copied now. */
export const ShownOnce = ({ label, hint, value, onDone }: ShownOnceProps) => (
  <div role="group" aria-label={label} className="rounded-medium border border-accent bg-accent-soft p-3">
    <p className="mb-2 text-13 text-text-2">{hint}</p>
    <div className="flex items-center gap-1.5">
      <input
        readOnly
        autoFocus
        dir="ltr"
        aria-label={label}
        value={value}
        onFocus={({ currentTarget }) => currentTarget.select()}
        className="h-[34px] min-w-0 flex-1 rounded-small border border-edge bg-surface px-2.5 font-mono text-12 text-text"
      />
      <CopyButton text={() => value} />
      <Button look="plain" onClick={onDone}>
        {peopleTexts.done}
      </Button>
    </div>
  </div>
);
