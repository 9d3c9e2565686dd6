import { SlidersHorizontal } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "../../ui/button/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { consoleTexts } from "../console-texts.ts";
import type { Filters } from "./use-filters.ts";
import { isDay } from "../time/instant.ts";
import { useTyped } from "./use-typed.ts";

/** One thing to narrow a list by; with `options` one of them, else a day or any text. */
export interface Filter {
  readonly name: string;
  readonly label: string;
  readonly options?: readonly string[];
  /** What none of them means; default any. */
  readonly fallback?: string;
  readonly isDay?: boolean;
}

interface FieldProps {
  readonly id: string;
  readonly filter: Filter;
  readonly filters: Filters;
}

const box =
  "h-8 w-full rounded-small border border-edge bg-surface px-2 text-13 text-text max-wide:h-10 max-wide:text-16";

const Choice = ({ id, filter, filters }: FieldProps) => (
  <select
    id={id}
    className={box}
    value={filters.values[filter.name] ?? ""}
    onChange={(event) => filters.set(filter.name, event.target.value)}
  >
    <option value="">{filter.fallback ?? consoleTexts.any}</option>
    {filter.options?.map((option) => (
      <option key={option} value={option}>
        {option}
      </option>
    ))}
  </select>
);

const Typing = ({ id, filter, filters }: FieldProps) => {
  const value = filters.values[filter.name] ?? "";
  const typed = useTyped(value, (text) => filters.set(filter.name, text.trim()));
  return (
    <input
      id={id}
      // a link may name the very moment, which no calendar can show
      type={filter.isDay === true && (value === "" || isDay(value)) ? "date" : "text"}
      autoComplete="off"
      spellCheck={false}
      className={box}
      value={typed.text}
      onChange={(event) => typed.type(event.target.value)}
      onBlur={typed.commit}
      onKeyDown={(event) => event.key === "Enter" && typed.commit()}
    />
  );
};

const FilterField = ({ filter, filters }: Omit<FieldProps, "id">) => {
  const id = useId();
  const Control = filter.options === undefined ? Typing : Choice;
  return (
    <div className="w-36 max-wide:w-auto">
      <label htmlFor={id} className="mb-0.5 block truncate text-12 text-text-3">
        {filter.label}
      </label>
      <Control id={id} filter={filter} filters={filters} />
    </div>
  );
};

/** What a list is narrowed by; on a phone it opens when somebody asks for it. */
export const FilterBar = ({ list, filters }: { readonly list: readonly Filter[]; readonly filters: Filters }) => {
  const [isOpen, setIsOpen] = useState(false);
  const chosen = Object.keys(filters.values).length;
  return (
    <div className="min-w-0 max-wide:contents wide:flex-1">
      <Button className="max-wide:h-10 wide:hidden" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <SlidersHorizontal size={16} strokeWidth={1.5} aria-hidden />
        {chosen === 0 ? consoleTexts.filters : `${consoleTexts.filters} (${chosen})`}
      </Button>
      <form
        role="search"
        aria-label={consoleTexts.filters}
        onSubmit={(event) => event.preventDefault()}
        className={classNames(
          "gap-x-3 gap-y-2 max-wide:order-last max-wide:w-full max-wide:grid-cols-2 wide:flex wide:flex-wrap wide:items-end",
          isOpen ? "max-wide:grid" : "max-wide:hidden",
        )}
      >
        {list.map((filter) => (
          <FilterField key={filter.name} filter={filter} filters={filters} />
        ))}
        {chosen > 0 && (
          <Button look="plain" className="h-8 self-end max-wide:h-10" onClick={filters.clear}>
            {consoleTexts.clear}
          </Button>
        )}
      </form>
    </div>
  );
};
