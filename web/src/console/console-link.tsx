import type { ReactNode } from "react";
import { Link } from "wouter";

/** A way to another page, underlined. */
export const ConsoleLink = ({ to, children }: { readonly to: string; readonly children: ReactNode }) => (
  <Link href={to} className="text-accent-ink underline underline-offset-2">
    {children}
  </Link>
);
