import { DropdownMenu } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { findOverlayPlace } from "./overlay-place.tsx";

export interface MenuAction {
  /** Where labels may be the same; default: the label. */
  readonly id?: string;
  readonly label: string;
  /** Absent: it is nothing to choose among others. */
  readonly isChosen?: boolean;
  readonly icon: ReactNode;
  readonly isDangerous?: boolean;
  readonly onSelect: () => void;
}

export interface MenuProps {
  readonly trigger: ReactElement;
  readonly actions: readonly MenuAction[];
  /** Where the focus goes when it closes; absent: back to the trigger. */
  readonly onCloseAutoFocus?: (event: Event) => void;
}

/** A menu of actions below its trigger. */
export const Menu = ({ trigger, actions, onCloseAutoFocus }: MenuProps) => (
  // not modal: a modal one injects a style, which the page's policy forbids
  <DropdownMenu.Root modal={false}>
    <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
    <DropdownMenu.Portal container={findOverlayPlace()}>
      <DropdownMenu.Content
        align="start"
        sideOffset={4}
        collisionPadding={8}
        {...(onCloseAutoFocus === undefined ? {} : { onCloseAutoFocus })}
        className="z-30 min-w-44 rounded-medium border border-line bg-surface p-1 shadow-float data-[state=open]:animate-appear"
      >
        {actions.map(({ label, id = label, isChosen, icon, isDangerous = false, onSelect }) => (
          <DropdownMenu.Item
            key={id}
            {...(isChosen === undefined ? {} : { role: "menuitemradio", "aria-checked": isChosen })}
            onSelect={onSelect}
            className={`flex h-8 max-wide:h-10 items-center gap-2.5 rounded-small px-2.5 outline-none data-highlighted:bg-hover ${isDangerous ? "text-danger" : "text-text-2 data-highlighted:text-text"}`}
          >
            {icon}
            <span dir="auto" className="max-w-64 truncate">
              {label}
            </span>
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
);
