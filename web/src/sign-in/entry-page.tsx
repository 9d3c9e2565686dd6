import type { ReactNode } from "react";
import { BrandMark } from "../ui/brand-mark.tsx";
import { Button } from "../ui/button/button.tsx";
import { signInTexts } from "./sign-in-texts.ts";
import type { Entry } from "./use-entry.ts";

export interface EntryPageProps {
  readonly title: string;
  readonly text?: string | undefined;
  readonly children?: ReactNode;
}

/** A page for somebody who is not in yet. */
export const EntryPage = ({ title, text, children }: EntryPageProps) => (
  <main className="grid min-h-full place-items-center overflow-y-auto p-6">
    <div className="flex w-full max-w-[360px] flex-col gap-3">
      <BrandMark size={40} />
      <h1 className="mt-3 text-22 font-semibold tracking-[-0.015em] text-balance">{title}</h1>
      {text !== undefined && <p className="text-pretty text-text-2">{text}</p>}
      {children}
    </div>
  </main>
);

export interface EntryFormProps {
  readonly entry: Entry;
  readonly action: string;
  readonly children: ReactNode;
}

/** What is filled in, why it was refused, and the one button. */
export const EntryForm = ({ entry, action, children }: EntryFormProps) => (
  <form onSubmit={entry.submit} className="mt-2 flex flex-col gap-3.5" aria-busy={entry.isBusy}>
    {children}
    <p role="alert" className={entry.error === null ? "sr-only" : "text-13 text-pretty text-danger"}>
      {entry.error}
    </p>
    <Button look="primary" type="submit" disabled={entry.isBusy} className="h-[40px]">
      {entry.isBusy ? signInTexts.working : action}
    </Button>
  </form>
);
