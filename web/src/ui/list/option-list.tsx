import { Search } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";
import { useOptionKeys, type OptionKeys } from "./use-option-keys.ts";

export interface Option {
  readonly id: string;
  /** Options of one group stand together. */
  readonly group: string;
  readonly content: ReactNode;
  readonly isSelected?: boolean;
}

export interface OptionListProps {
  /** What is chosen; its name. */
  readonly label: string;
  readonly placeholder: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly options: readonly Option[];
  /** What stands there when there is no option. */
  readonly nothing: string;
  readonly onChoose: (id: string) => void;
  readonly className?: string;
}

interface OptionGroupProps extends Pick<OptionListProps, "options" | "onChoose"> {
  readonly id: string;
  readonly group: string;
  readonly keys: OptionKeys;
}

const OptionGroup = ({ id, group, options, keys, onChoose }: OptionGroupProps) => (
  <div role="group" aria-label={group}>
    <div role="presentation" className="px-2.5 pt-2 pb-1.5 text-12 leading-none font-[550] text-text-3">
      {group}
    </div>
    {options.map((option, index) =>
      option.group !== group ? null : (
        <div
          key={option.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={option.isSelected ?? index === keys.active}
          data-active={index === keys.active ? "" : undefined}
          onPointerMove={() => keys.setActive(index)}
          onClick={() => onChoose(option.id)}
          className="flex min-h-9 items-center gap-2.5 rounded-small px-2.5 py-1.5 text-text-2 data-active:bg-hover data-active:text-text max-wide:min-h-11"
        >
          {option.content}
        </div>
      ),
    )}
  </div>
);

/** A field to search in, and what was found, in groups. */
export const OptionList = (props: OptionListProps) => {
  const { label, placeholder, query, onQuery, options, nothing, onChoose, className = "" } = props;
  const id = useId();
  const keys = useOptionKeys({
    count: options.length,
    query,
    first: Math.max(
      0,
      options.findIndex((option) => option.isSelected),
    ),
    onChoose: (index) => {
      const option = options[index];
      if (option !== undefined) onChoose(option.id);
    },
  });
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" });
  }, [keys.active, query]);
  const groups = [...new Set(options.map(({ group }) => group))];
  return (
    <>
      <label className="flex h-12 shrink-0 items-center gap-2.5 border-b border-line px-4 text-text-3">
        <Search size={16} strokeWidth={1.5} aria-hidden="true" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-label={label}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={options.length === 0 ? undefined : `${id}-${keys.active}`}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          placeholder={placeholder}
          value={query}
          onChange={(event) => onQuery(event.target.value)}
          onKeyDown={keys.onKeyDown}
          className="min-w-0 flex-1 bg-transparent text-text outline-none"
        />
      </label>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        tabIndex={-1}
        className={`min-h-0 overflow-y-auto overscroll-contain p-1.5 outline-none ${className}`}
      >
        {groups.map((group) => (
          <OptionGroup key={group} id={id} group={group} options={options} keys={keys} onChoose={onChoose} />
        ))}
      </div>
      {options.length === 0 && (
        <p role="status" className="px-4 pt-1 pb-5 text-text-3">
          {nothing}
        </p>
      )}
    </>
  );
};
