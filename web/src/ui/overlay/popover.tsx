import { Popover as Primitive } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { classNames } from "../class-names.ts";

export interface PopoverProps {
  /** What it is for; its name. */
  readonly label: string;
  readonly trigger: ReactElement;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly align?: "start" | "end";
  /** Where it goes if there is room. What loads when it opens has no size at first, and so finds room anywhere. */
  readonly side?: "top" | "bottom";
  readonly className?: string;
  readonly children: ReactNode;
}

/** Something small over the page, beside what opened it. */
export const Popover = ({
  label,
  trigger,
  isOpen,
  onOpenChange,
  align = "start",
  side = "bottom",
  className,
  children,
}: PopoverProps) => (
  <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
    <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
    <Primitive.Portal>
      <Primitive.Content
        aria-label={label}
        align={align}
        side={side}
        sideOffset={6}
        collisionPadding={12}
        className={classNames(
          "z-30 flex max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-24px)] flex-col overflow-hidden data-[state=open]:animate-appear rounded-medium border border-line bg-surface shadow-float outline-none",
          className,
        )}
      >
        {children}
      </Primitive.Content>
    </Primitive.Portal>
  </Primitive.Root>
);
