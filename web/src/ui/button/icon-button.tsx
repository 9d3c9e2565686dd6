import type { ComponentProps, ReactNode } from "react";
import { classNames } from "../class-names.ts";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children" | "title"> {
  /** What it does; its name and its tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
}

/** A button that is only an icon. */
export const IconButton = ({ label, icon, className, ...rest }: IconButtonProps) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    className={classNames(
      "grid size-8 max-wide:size-10 shrink-0 place-items-center rounded-small text-text-2 transition-colors duration-(--fast) hover:bg-hover hover:text-text aria-expanded:bg-hover aria-expanded:text-text",
      className,
    )}
    {...rest}
  >
    {icon}
  </button>
);
