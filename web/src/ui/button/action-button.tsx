import type { ComponentProps, ReactNode } from "react";
import { classNames } from "../class-names.ts";

export interface ActionButtonProps extends Omit<ComponentProps<"button">, "children" | "title"> {
  /** What it does; its name and its tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
}

/** A small, quiet button. */
export const ActionButton = ({ label, icon, className, ...rest }: ActionButtonProps) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    className={classNames(
      "grid size-[26px] max-wide:size-9 shrink-0 place-items-center rounded-small text-text-3 transition-colors duration-(--fast) hover:bg-hover hover:text-text disabled:pointer-events-none disabled:opacity-35 aria-pressed:text-accent-ink [&[aria-pressed=true]_path]:fill-accent/20",
      className,
    )}
    {...rest}
  >
    {icon}
  </button>
);
