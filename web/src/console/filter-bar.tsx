import { useId } from "react";
import { Button } from "../ui/button.tsx";
import { consoleTexts } from "./console-texts.ts";
import type { Filters } from "./use-filters.ts";

/** One thing to narrow a list by; with `options` one of them, else a day or any text. */
export interface Filter {
  readonly name: string;
  readonly label: string;
  readonly options?: readonly string[];
  readonly isDay?: boolean;
}

const box =
  "h-8 max-wide:h-10 max-w-44 rounded-small border border-edge bg-surface px-2 text-13 text-text outline-none focus-visible:border-accent";

const FilterField = ({ filter, filters }: { readonly filter: Filter; readonly filters: Filters }) => {
  const id = useId();
  const { name, label, options, isDay = false } = filter;
  const value = filters.values[name] ?? "";
  return (
    <div>
      <label htmlFor={id} className="mb-0.5 block text-12 text-text-3">
        {label}
      </label>
      {options === undefined ? (
        <input
          id={id}
          type={isDay ? "date" : "text"}
          className={box}
          value={value}
          onChange={(event) => filters.set(name, event.target.value)}
        />
      ) : (
        <select id={id} className={box} value={value} onChange={(event) => filters.set(name, event.target.value)}>
          <option value="">{consoleTexts.any}</option>
          {options.map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </select>
      )}
    </div>
  );
};

/** What a list is narrowed by. */
export const FilterBar = ({ list, filters }: { readonly list: readonly Filter[]; readonly filters: Filters }) => (
  <form
    role="search"
    aria-label={consoleTexts.filters}
    onSubmit={(event) => event.preventDefault()}
    className="flex flex-wrap items-end gap-x-3 gap-y-2 pb-4"
  >
    {list.map((filter) => (
      <FilterField key={filter.name} filter={filter} filters={filters} />
    ))}
    {Object.keys(filters.values).length > 0 && (
      <Button look="plain" className="h-8 max-wide:h-10" onClick={filters.clear}>
        {consoleTexts.clear}
      </Button>
    )}
  </form>
);
