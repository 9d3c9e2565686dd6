import type { ComponentProps } from "react";
import { classNames } from "../class-names.ts";

const looks = {
  primary: "bg-accent text-on-accent hover:opacity-90",
  secondary: "border border-line bg-surface hover:border-edge",
  plain: "text-text-2 hover:bg-hover hover:text-text",
  danger: "border border-line bg-surface text-danger hover:border-danger",
};

export interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: keyof typeof looks;
}

/** A button with words. */
export const Button = ({ look = "secondary", className, ...rest }: ButtonProps) => (
  <button
    type="button"
    className={classNames(
      "inline-flex h-[34px] items-center justify-center gap-2 rounded-small px-3.5 font-[570] whitespace-nowrap transition-[color,background-color,border-color,opacity] duration-(--fast) disabled:opacity-50",
      looks[look],
      className,
    )}
    {...rest}
  />
);
